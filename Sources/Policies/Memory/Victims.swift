import Simulation

extension MemoryView {
  /// The position of the resident of least worth; among equals the one that was admitted last, and
  /// of those the one with the largest record, so the answer does not depend on how they stand.
  ///
  /// - Precondition: There is a resident.
  func resident(leastBy worth: (Resident) -> Int64) -> Int {
    var least = 0
    var leastWorth = worth(residents[0])
    for position in residents.indices.dropFirst() {
      let (one, other) = (residents[position], residents[least])
      let oneWorth = worth(one)
      let isLess =
        oneWorth == leastWorth
        ? (one.admittedAt, one.record) > (other.admittedAt, other.record)
        : oneWorth < leastWorth
      if isLess { (least, leastWorth) = (position, oneWorth) }
    }
    return least
  }
}

/// The names of the ways in which a preempted request gets its KV back.
private enum RestoreName: String, CaseIterable { case recompute, swap }

extension PolicyParameter {
  static let restore = PolicyParameter(
    "restore",
    default: RestoreName.recompute,
    summary: "How the victim gets its KV back."
  )
}

extension PolicyParameters {
  /// The value of `PolicyParameter.restore`.
  var restore: PreemptDecision.Restore {
    switch choice("restore", of: RestoreName.self) {
    case .recompute: .recompute
    case .swap: .swap
    }
  }
}
