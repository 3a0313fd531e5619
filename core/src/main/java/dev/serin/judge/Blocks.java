package dev.serin.judge;

import java.util.ArrayList;
import java.util.List;

/// Ticks put together to blocks that become longer as time goes by: some hundred are enough for a
/// day. A block ends after as many ticks as were fixed when it began, or with its step, never by
/// what is counted in it, so that a test may take it for one long tick. It counts once it is over.
///
/// @param over the blocks that count, oldest first
/// @param open the ticks since then
/// @param ticks so many
/// @param length at how many the open block ends
/// @param before ticks before the open block
record Blocks(List<Tick> over, Tick open, int ticks, int length, int before) {

  /// A block is at most this share of all before it.
  private static final int SHARE = 16;

  static final Blocks NONE = new Blocks(List.of(), new Tick(0, Arm.NONE, Arm.NONE), 0, 1, 0);

  Blocks {
    over = List.copyOf(over);
  }

  Blocks add(Tick tick) {
    if (ticks > 0 && tick.step() != open.step()) {
      return ended().add(tick);
    }
    var more =
        new Blocks(
            over,
            new Tick(
                tick.step(), open.canary().plus(tick.canary()), open.stable().plus(tick.stable())),
            ticks + 1,
            length,
            before);
    return more.ticks == length ? more.ended() : more;
  }

  private Blocks ended() {
    var all = new ArrayList<>(over);
    all.add(open);
    var so = before + ticks;
    return new Blocks(
        all, new Tick(open.step(), Arm.NONE, Arm.NONE), 0, Math.max(1, so / SHARE), so);
  }
}
