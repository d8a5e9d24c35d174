import Hardware

/// Measurements that are printed beside predictions.
enum ClaimAnchors {
  static func texts(_ ids: [String]) -> [String] {
    guard !ids.isEmpty else { return [] }
    let anchors = Anchor.all
    return ids.compactMap { id in anchors.first { $0.id == id } }
      .map { anchor in
        "\(anchor.id): \(StepQuantity.digits(anchor.value)) \(anchor.unit), \(anchor.conditions) "
          + "[\(anchor.source)]"
      }
  }
}
