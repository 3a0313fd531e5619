package dev.serin.judge;

import java.util.Locale;

/// A drawing, as text that browsers show.
final class Svg {

  private final int width;
  private final int height;
  private final StringBuilder shapes = new StringBuilder();

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  Svg rect(double x, double y, double w, double h, String fill) {
    return add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        x, y, w, h, fill);
  }

  Svg line(double x1, double y1, double x2, double y2, String stroke, double thick) {
    return add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
            + " stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, stroke, thick);
  }

  Svg dot(double x, double y, String fill) {
    return add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x, y, fill);
  }

  /// @param anchor `start`, `middle` or `end`
  Svg text(double x, double y, String anchor, int size, String text) {
    return add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>",
        x, y, anchor, size, text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  private Svg add(String shape, Object... values) {
    shapes.append(String.format(Locale.ROOT, shape, values)).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" fill="#222">
    <rect width="%d" height="%d" fill="#fff"/>
    %s</svg>
    """
        .formatted(width, height, width, height, shapes);
  }
}
