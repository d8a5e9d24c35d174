import Reporting
public import Workload

extension ClaimStudy {
  /// A line per claim, then every claim with its conditions; of one claim, only these.
  public var text: String {
    guard results.count > 1 else { return results.map(\.details).joined() }
    var table = TextTable(leftColumns: 2)
    table.append(["claim", "", "claimed", "ratio", "from", "to", "verdict"])
    for result in results {
      table.append([
        "\(result.number)", result.text, StepQuantity.optional(result.claimed),
        StepQuantity.optional(result.ratio), StepQuantity.optional(result.range?.lowerBound),
        StepQuantity.optional(result.range?.upperBound), result.verdict.rawValue,
      ])
    }
    let details = results.map(\.details).joined(separator: "\n")
    return table.text + "\n" + details
  }

  public var json: JSONValue { .object([("claims", .array(results.map(\.json)))]) }
}

extension StepQuantity {
  static func optional(_ value: Double?) -> String { value.map(digits) ?? "–" }
}

extension ClaimResult {
  fileprivate var details: String {
    var lines = ["\(number). \(text)", "   traced to: \(tracedTo)"]
    if !ratioOf.isEmpty { lines.append("   ratio: \(ratioOf)") }
    lines += conditions.map { "   with: \($0)" }
    lines += facts.map { "   found: \($0)" }
    lines += measured.map { "   measured: \($0)" }
    if let ratio, let range, let claimed {
      lines.append(
        "   predicted: \(StepQuantity.digits(ratio)), "
          + "\(StepQuantity.digits(range.lowerBound))–\(StepQuantity.digits(range.upperBound)) by "
          + "the error to be expected; claimed: \(StepQuantity.digits(claimed))"
      )
    }
    for sensitivity in sensitivities {
      let ratio = StepQuantity.optional(sensitivity.ratio)
      lines.append("   \(ratio) under: \(sensitivity.condition)")
    }
    lines.append("   verdict: \(verdictText)")
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate var json: JSONValue {
    .object([
      ("number", .integer(Int64(number))), ("text", .string(text)),
      ("tracedTo", .string(tracedTo)), ("ratioOf", .string(ratioOf)),
      ("claimed", .optional(claimed)), ("conditions", .array(conditions.map { .string($0) })),
      ("ratio", .optional(ratio)), ("low", .optional(range?.lowerBound)),
      ("high", .optional(range?.upperBound)), ("facts", .array(facts.map { .string($0) })),
      ("measured", .array(measured.map { .string($0) })),
      (
        "sensitivities",
        .array(
          sensitivities.map { sensitivity in
            .object([
              ("condition", .string(sensitivity.condition)),
              ("ratio", .optional(sensitivity.ratio)),
            ])
          }
        )
      ), ("verdict", .string(verdict.rawValue)), ("verdictText", .string(verdictText)),
    ])
  }
}
