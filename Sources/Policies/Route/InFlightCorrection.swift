extension PolicyParameter {
  /// Whether a route adds what the router has sent since an instance published, which only a run
  /// with a view lag tells apart. Without it, all requests of an interval go where load was least
  /// at its start.
  static func corrected(default isCorrected: Bool) -> PolicyParameter {
    PolicyParameter(
      "corrected",
      default: isCorrected,
      summary: "Whether to add what was sent to an instance since it published."
    )
  }
}
