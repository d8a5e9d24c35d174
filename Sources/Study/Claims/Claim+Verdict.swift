extension Claim {
  /// Runs the scenario and its variants.
  func result(_ bench: ClaimBench, prices: ClaimPrices) throws -> ClaimResult {
    var assumptions = assumptions
    assumptions.prices = prices
    let outcome = try run(assumptions, bench)
    let sensitivities = try variants.map { variant in
      var changed = assumptions
      variant.change(&changed)
      return ClaimResult.Sensitivity(
        condition: variant.condition,
        ratio: try run(changed, bench).ratio
      )
    }
    let factor = 1 + outcome.expectedError
    let (verdict, text) = judge(outcome, sensitivities)
    return ClaimResult(
      number: number,
      text: self.text,
      tracedTo: tracedTo,
      ratioOf: ratioOf,
      claimed: claimed,
      conditions: conditions,
      ratio: outcome.ratio,
      range: outcome.ratio.map { $0 / factor...$0 * factor },
      facts: outcome.facts,
      measured: ClaimAnchors.texts(anchors),
      sensitivities: sensitivities,
      verdict: verdict,
      verdictText: remark.isEmpty ? text : "\(text); \(remark)"
    )
  }

  private func judge(
    _ outcome: Outcome,
    _ sensitivities: [ClaimResult.Sensitivity]
  ) -> (ClaimResult.Verdict, String) {
    let factor = 1 + outcome.expectedError
    let wanted = StepQuantity.digits(claimed)
    let reaching = sensitivities.filter { $0.ratio.map { $0 >= claimed } ?? false }
    let missing = sensitivities.filter { $0.ratio.map { $0 < claimed } ?? false }
    let found = outcome.ratio ?? 0
    let here = "\(StepQuantity.digits(found)) under the stated conditions, \(wanted) claimed"
    if scope == .always {
      if found >= claimed, missing.isEmpty { return (.holds, "holds: \(here)") }
      let ratios = [found] + missing.compactMap(\.ratio)
      let isClear = ratios.contains { $0 * factor < claimed }
      let how = isClear ? "does not always hold" : "does not always hold, by less than the error"
      let others = missing.isEmpty ? "" : "; not under: \(missing.list)"
      return (.doesNotHold, "\(how): \(here)\(others)")
    }
    if found >= claimed * factor { return (.holds, "holds: \(here)") }
    if found >= claimed {
      let against = missing.isEmpty ? "" : "; not under: \(missing.list)"
      return (.holds, "holds, by less than the error: \(here)\(against)")
    }
    let doubt = found * factor >= claimed ? ", which is within the error" : ""
    if !reaching.isEmpty {
      return (.holdsOnlyIf, "holds only if: \(reaching.list); \(here)\(doubt)")
    }
    if found * factor >= claimed {
      return (.undecided, "within the error, and with nothing looked at above it: \(here)")
    }
    let most = sensitivities.filter { $0.ratio != nil }.max { $0.ratio ?? 0 < $1.ratio ?? 0 }
    let best = most.flatMap { $0.ratio ?? 0 > found ? "; at most \($0.named)" : nil } ?? ""
    return (.doesNotHold, "does not hold: \(here)\(best)")
  }
}

extension ClaimResult.Sensitivity {
  fileprivate var named: String {
    "\(condition) (\(ratio.map(StepQuantity.digits) ?? "–"))"
  }
}

extension [ClaimResult.Sensitivity] {
  /// In words, the largest ratios first.
  fileprivate var list: String {
    let sorted = enumerated().sorted { first, second in
      let (one, other) = (first.element.ratio ?? 0, second.element.ratio ?? 0)
      return (other, first.offset) < (one, second.offset)
    }
    return sorted.map(\.element.named).joined(separator: " or ")
  }
}
