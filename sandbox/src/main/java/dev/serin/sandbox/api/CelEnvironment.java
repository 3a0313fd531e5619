package dev.serin.sandbox.api;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The Common Expression Language as Kubernetes speaks it: `self`, `oldSelf`, the string, list and
/// URL functions that resource definitions use.
final class CelEnvironment {

  /// An expression that can be evaluated.
  sealed interface Expression {

    /// @param program evaluates it
    record Compiled(CelRuntime.Program program) implements Expression {}

    /// @param why what is wrong with it
    record Broken(String why) implements Expression {}
  }

  private static final CelType DYN = SimpleType.DYN;
  private static final CelType TEXT = SimpleType.STRING;
  private static final CelType TRUTH = SimpleType.BOOL;
  private static final CelType NUMBER = SimpleType.INT;
  private static final CelType LIST = ListType.create(SimpleType.DYN);
  private static final List<String> IP_FORMS = List.of(".", ":");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .enableOptionalSyntax(true)
          .evaluateCanonicalTypesToNativeValues(true)
          .build();

  /// A function that Kubernetes adds to the language.
  private record Added(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {}

  private static final List<Added> ADDED =
      List.of(
          global("isURL", TRUTH, TEXT, String.class, CelEnvironment::isUrl),
          global("url", TEXT, TEXT, String.class, text -> uri(text).toString()),
          member("getScheme", TEXT, TEXT, String.class, text -> orEmpty(uri(text).getScheme())),
          member("getHostname", TEXT, TEXT, String.class, text -> orEmpty(uri(text).getHost())),
          member("getHost", TEXT, TEXT, String.class, text -> orEmpty(uri(text).getAuthority())),
          member(
              "getEscapedPath", TEXT, TEXT, String.class, text -> orEmpty(uri(text).getRawPath())),
          global("isIP", TRUTH, TEXT, String.class, CelEnvironment::isIp),
          member("isSorted", TRUTH, LIST, List.class, CelEnvironment::isSorted),
          member("sum", DYN, LIST, List.class, CelEnvironment::sum),
          member("min", DYN, LIST, List.class, list -> Collections.min(comparable(list))),
          member("max", DYN, LIST, List.class, list -> Collections.max(comparable(list))),
          indexOf("indexOf", true),
          indexOf("lastIndexOf", false));

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(
              CelExtensions.strings(),
              CelExtensions.sets(OPTIONS),
              CelExtensions.optional(),
              CelExtensions.comprehensions())
          .addFunctionDeclarations(
              ADDED.stream()
                  .map(f -> CelFunctionDecl.newFunctionDeclaration(f.name(), f.declaration()))
                  .toList())
          .addVar("self", DYN)
          .addVar("oldSelf", DYN)
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(
              CelExtensions.strings(),
              CelExtensions.sets(OPTIONS),
              CelExtensions.optional(),
              CelExtensions.comprehensions())
          .addFunctionBindings(ADDED.stream().map(Added::binding).toList())
          .build();

  private static final Map<String, Expression> EXPRESSIONS = new ConcurrentHashMap<>();

  private CelEnvironment() {}

  /// The expression that a text is; known ones are not compiled again.
  static Expression expression(String text) {
    return EXPRESSIONS.computeIfAbsent(text, CelEnvironment::compile);
  }

  private static Expression compile(String text) {
    try {
      var tree = COMPILER.compile(text).getAst();
      return new Expression.Compiled(RUNTIME.createProgram(tree));
    } catch (CelValidationException | CelEvaluationException e) {
      return new Expression.Broken(String.valueOf(e.getMessage()));
    }
  }

  private static <T> Added global(
      String name,
      CelType result,
      CelType argument,
      Class<T> type,
      CelFunctionOverload.Unary<T> body) {
    var id = name + "_kubernetes";
    return new Added(
        name,
        CelOverloadDecl.newGlobalOverload(id, result, argument),
        CelFunctionBinding.from(id, type, body));
  }

  private static <T> Added member(
      String name, CelType result, CelType self, Class<T> type, CelFunctionOverload.Unary<T> body) {
    var id = "member_" + name + "_kubernetes";
    return new Added(
        name,
        CelOverloadDecl.newMemberOverload(id, result, self),
        CelFunctionBinding.from(id, type, body));
  }

  private static Added indexOf(String name, boolean first) {
    var id = "list_" + name + "_kubernetes";
    return new Added(
        name,
        CelOverloadDecl.newMemberOverload(id, NUMBER, LIST, DYN),
        CelFunctionBinding.from(
            id,
            List.class,
            Object.class,
            (list, item) -> (long) (first ? list.indexOf(item) : list.lastIndexOf(item))));
  }

  private static boolean isUrl(String text) {
    try {
      return new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static URI uri(String text) {
    return URI.create(text);
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }

  private static boolean isIp(String text) {
    if (IP_FORMS.stream().noneMatch(text::contains)) {
      return false;
    }
    try {
      var unused = InetAddress.ofLiteral(text);
      return unused != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Object isSorted(List<?> list) {
    var sorted = new java.util.ArrayList<>(comparable(list));
    Collections.sort(sorted);
    return sorted.equals(list);
  }

  private static Object sum(List<?> list) {
    boolean whole = list.stream().allMatch(Long.class::isInstance);
    return whole
        ? (Object) list.stream().mapToLong(n -> (Long) n).sum()
        : (Object) list.stream().mapToDouble(n -> ((Number) n).doubleValue()).sum();
  }

  @SuppressWarnings("unchecked")
  private static List<Comparable<Object>> comparable(List<?> list) {
    return (List<Comparable<Object>>) list;
  }
}
