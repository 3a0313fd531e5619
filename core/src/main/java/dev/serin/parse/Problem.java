package dev.serin.parse;

/// One thing that is wrong with an object as its user wrote it.
///
/// @param field path of the field, such as `spec.analysis.webhooks[1].url`
/// @param value what is there, shortened for people; empty when nothing is
/// @param wrong what is wrong with it, as the rest of a sentence that begins with field and value
/// @param cure what would be right, as a sentence without its full stop
public record Problem(String field, String value, String wrong, String cure) {

  /// In words: `spec.provider is 'isto', which is not known; use one of [istio, linkerd]`.
  public String inWords() {
    var subject = value.isEmpty() ? field : field + " is '" + value + "'";
    var joint = value.isEmpty() ? " " : ", which ";
    return subject + joint + wrong + (cure.isEmpty() ? "" : "; " + cure);
  }
}
