package dev.serin.sandbox.load;

/// A steady stream of equal requests that does not wait for answers.
///
/// @param caller workload of the caller; "" outside of the mesh
/// @param call each request
/// @param perSecond how many on average; not negative
/// @param dispersion variance of the number of requests over its mean: 1 for independent ones, more
///   when they come in clumps. Sockets know only 1.
public record Load(String caller, Call call, double perSecond, double dispersion) {

  public Load {
    if (!(perSecond >= 0)) {
      throw new IllegalArgumentException("perSecond is " + perSecond + "; it is not negative");
    }
    if (!(dispersion >= 1)) {
      throw new IllegalArgumentException("dispersion is " + dispersion + "; it is at least 1");
    }
  }

  /// So many requests a second from outside of the mesh.
  public static Load of(Call call, double perSecond) {
    return new Load("", call, perSecond, 1);
  }
}
