import Hardware
import Reporting
public import Workload

extension StepExplanation {
  /// A table of the terms and what they add up to.
  public var text: String {
    var table = TextTable(leftColumns: 1)
    table.append(["term", "alone", "adds", "share", ""])
    var rules = ["rule"]
    let total = breakdown.seconds
    let binding = breakdown.binding?.name
    for term in breakdown.terms {
      table.append([
        term.name,
        StepQuantity.time(term.seconds),
        StepQuantity.time(term.addedSeconds),
        FidelityScore.percent(total > 0 ? term.addedSeconds / total : 0),
        term.name == binding ? "binds" : "",
      ])
      rules.append(term.rule)
    }
    table.append(["sum", "", StepQuantity.time(total)])
    rules.append(sumRule)
    var text = title + "\n\n" + table.text(remarks: rules)
    if acceptedTokens != 1 {
      text +=
        "\nper token: \(StepQuantity.time(seconds)), the step over \(acceptedTokens) accepted tokens\n"
    }
    for note in notes { text += "note: \(note)\n" }
    return text
  }

  private var sumRule: String {
    switch work {
    case .decode: draftedTokens > 0 ? "the verified step" : "the step"
    case .prefill(_, _, let decodeBatch): decodeBatch > 0 ? "added to the step" : "the pass"
    }
  }

  private var title: String {
    let kind = pool.kind
    let instance = "\(kind.name), \(kind.chips) × \(kind.chip), \(kind.model)"
    switch work {
    case .decode(let batch, let contextTokens):
      let drafts = draftedTokens > 0 ? ", each verifying \(draftedTokens) drafted tokens" : ""
      return "pool \(pool.name) (\(instance)): decode step of \(batch) requests over "
        + "\(contextTokens) tokens of context in all\(drafts)"
    case .prefill(let tokens, let past, let decodeBatch):
      let after = past > 0 ? " after \(past)" : ""
      let beside = decodeBatch > 0 ? " beside a decode step of \(decodeBatch) requests" : ""
      return "pool \(pool.name) (\(instance)): prefill pass over \(tokens) tokens\(after)\(beside)"
    }
  }

  /// What the instance could not do.
  public var notes: [String] {
    let kind = pool.kind
    switch work {
    case .decode(let batch, let contextTokens):
      var notes: [String] = []
      let units = kind.kv.bytes(requests: batch, contextTokens: contextTokens) / kind.kv.unitBytes
      if units > kind.kvCapacityUnits {
        notes.append("the contexts are more than the instance's memory holds")
      }
      if batch > kind.maxBatch {
        notes.append("the batch is above the instance's largest, \(kind.maxBatch)")
      }
      return notes
    case .prefill(let tokens, let past, _):
      guard kind.kv.units(tokens: tokens + past) > kind.kvCapacityUnits else { return [] }
      return ["the prompt is more than the instance's memory holds"]
    }
  }

  public var json: JSONValue {
    .object(
      workJSON + [
        ("pool", .string(pool.name)),
        ("instance", .string(pool.kind.name)),
        (
          "terms",
          .array(
            breakdown.terms.map { term in
              .object([
                ("name", .string(term.name)), ("seconds", .number(term.seconds)),
                ("addedSeconds", .number(term.addedSeconds)), ("rule", .string(term.rule)),
              ])
            }
          )
        ),
        ("stepSeconds", .number(breakdown.seconds)),
        ("binding", breakdown.binding.map { .string($0.name) } ?? .null),
        ("acceptedTokensPerStep", .number(acceptedTokens)),
        ("secondsPerToken", .number(seconds)),
        ("notes", .array(notes.map { .string($0) })),
      ]
    )
  }

  private var workJSON: [(String, JSONValue)] {
    switch work {
    case .decode(let batch, let contextTokens):
      [
        ("work", .string("decode")), ("batch", .integer(Int64(batch))),
        ("contextTokens", .integer(Int64(contextTokens))),
      ]
    case .prefill(let tokens, let past, let decodeBatch):
      [
        ("work", .string("prefill")), ("tokens", .integer(Int64(tokens))),
        ("pastTokens", .integer(Int64(past))), ("decodeBatch", .integer(Int64(decodeBatch))),
      ]
    }
  }
}

/// Quantities of tables with three significant digits, free of locale.
enum StepQuantity {
  static func time(_ seconds: Double) -> String {
    switch seconds.magnitude {
    case 1...: digits(seconds) + " s"
    case 1e-3...: digits(seconds * 1e3) + " ms"
    case 1e-6...: digits(seconds * 1e6) + " us"
    default: digits(seconds * 1e9) + " ns"
    }
  }

  /// At least three significant digits.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = value.magnitude
    let decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
    let scale = [1.0, 10, 100, 1_000][decimals]
    let scaled = (size * scale).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = Int64(scaled)
    let sign = value < 0 && whole > 0 ? "−" : ""
    guard decimals > 0 else { return sign + String(whole) }
    let fraction = String(whole % Int64(scale))
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return sign + "\(whole / Int64(scale)).\(zeros)\(fraction)"
  }
}

extension TextTable {
  /// The lines with words behind them, which are aligned to the left.
  func text(remarks: [String]) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let width = lines.map(\.count).max() ?? 0
    return zip(lines, remarks).map { line, remark in
      guard !remark.isEmpty else { return "\(line)\n" }
      let padding = String(repeating: " ", count: width - line.count + 2)
      return "\(line)\(padding)\(remark)\n"
    }
    .joined()
  }
}
