package dev.serin.controller.outreach;

/// What became of parcels.
interface Ledger {
  void delivered(Parcel parcel);

  /// @param reason without any secret
  void failed(Parcel parcel, String reason);

  /// There were too many before it, or the process stopped.
  void dropped(Parcel parcel, String reason);
}
