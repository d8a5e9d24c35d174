import Hardware
import Spelling
import Workload

/// Reads recipes from a CSV text whose header names the columns, in any order; all are needed.
struct RecipeReader {
  enum Column: String, CaseIterable {
    case mode, model, precision, chip, engine, versions, from, until
    case promptTokens = "prompt_tokens"
    case outputTokens = "output_tokens"
    case clients
    case prefillWorkers = "prefill_workers"
    case prefillChips = "prefill_chips"
    case prefillAttentionRanks = "prefill_attention_ranks"
    case decodeWorkers = "decode_workers"
    case decodeChips = "decode_chips"
    case decodeAttentionRanks = "decode_attention_ranks"
    case expertParallel = "expert_parallel"
    case draftedTokens = "drafted_tokens"
    case maxBatch = "max_batch"
    case receiveSteps = "receive_steps"
    case streamSteps = "stream_steps"
    case waitSteps = "wait_steps"
    case stepTokens = "step_tokens"
    case source
  }

  private var records: CSVRecords
  private let positions: [Column: Int]
  private let models = KnownNames(Model.names)
  private let chips = KnownNames(Chip.names)
  private let works = KnownNames(Work.all.map(\.key))
  private var fields: [String] = []

  /// - Throws: `MeasuredDataError` for a header that lacks a column.
  init(bytes: [UInt8], file: String) throws(MeasuredDataError) {
    records = try CSVRecords(bytes: bytes, file: file)
    var positions: [Column: Int] = [:]
    for column in Column.allCases {
      guard let position = records.header.firstIndex(of: column.rawValue) else {
        throw MeasuredDataError(
          .badData,
          file: file,
          line: records.line,
          field: column.rawValue,
          problem: "the header has no such column"
        )
      }
      positions[column] = position
    }
    self.positions = positions
  }

  /// The next recipe; nil after the last.
  ///
  /// - Throws: `MeasuredDataError` for a field that is something else than its column holds.
  mutating func next() throws(MeasuredDataError) -> Recipe? {
    guard let fields = try records.next() else { return nil }
    self.fields = fields
    return Recipe(
      line: records.line,
      model: try name(.model, in: models),
      precision: try precision(),
      chip: try name(.chip, in: chips),
      engine: try word(.engine),
      versions: self[.versions].split(separator: " ").map(String.init),
      from: try day(.from),
      until: try day(.until),
      promptTokens: try count(.promptTokens),
      outputTokens: try count(.outputTokens),
      clients: try clients(),
      deployment: try deployment(),
      draftedTokens: try needed(.draftedTokens, in: 0...Recipe.acceptedTokensPerStep.count - 1),
      maxBatch: try count(.maxBatch),
      intervals: Recipe.Intervals(
        receive: try count(.receiveSteps),
        stream: try count(.streamSteps),
        wait: try count(.waitSteps)
      ),
      stepTokens: try stepTokens(),
      source: try name(.source, in: works)
    )
  }

  private func deployment() throws(MeasuredDataError) -> Recipe.Deployment {
    let isParallel = try expertParallel()
    switch MeasuredRow.Mode(rawValue: self[.mode]) {
    case .aggregated:
      return .aggregated(
        Recipe.Replicas(
          chips: try count(.decodeChips),
          attentionRanks: try count(.decodeAttentionRanks),
          isExpertParallel: isParallel?.decode
        )
      )
    case .disaggregated:
      guard let isParallel else { throw fault(.expertParallel, Self.expertParallelNames) }
      return .disaggregated(
        prefill: Recipe.Pool(
          workers: try needed(.prefillWorkers),
          chips: try needed(.prefillChips),
          attentionRanks: try needed(.prefillAttentionRanks),
          isExpertParallel: isParallel.prefill
        ),
        decode: Recipe.Pool(
          workers: try needed(.decodeWorkers),
          chips: try needed(.decodeChips),
          attentionRanks: try needed(.decodeAttentionRanks),
          isExpertParallel: isParallel.decode
        )
      )
    case nil: throw fault(.mode, "aggregated or disaggregated")
    }
  }

  // MARK: Fields

  private static let expertParallelNames = "none, prefill, decode or both"

  /// In which workers experts are shared out; nil where it is not said.
  private func expertParallel() throws(MeasuredDataError) -> (prefill: Bool, decode: Bool)? {
    switch self[.expertParallel] {
    case "": nil
    case "none": (false, false)
    case "prefill": (true, false)
    case "decode": (false, true)
    case "both": (true, true)
    default: throw fault(.expertParallel, Self.expertParallelNames)
    }
  }

  private subscript(column: Column) -> String {
    positions[column].map { fields[$0] } ?? ""
  }

  private func fault(_ column: Column, _ expected: String) -> MeasuredDataError {
    MeasuredDataError(
      .badData,
      file: records.file,
      line: records.line,
      field: column.rawValue,
      value: self[column],
      problem: expected
    )
  }

  private func word(_ column: Column) throws(MeasuredDataError) -> String {
    guard !self[column].isEmpty else { throw fault(column, "a name") }
    return self[column]
  }

  private func name(_ column: Column, in known: KnownNames) throws(MeasuredDataError) -> String {
    let text = self[column]
    guard known.names.contains(text) else {
      let near = known.nearest(to: text).map { "; is it '\($0)'?" } ?? ""
      throw fault(column, "a \(column.rawValue) that the kit knows\(near)")
    }
    return text
  }

  private func precision() throws(MeasuredDataError) -> String {
    guard let label = RowFormats.Label(rawValue: self[.precision]) else {
      let names = RowFormats.Label.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(.precision, "one of \(names)")
    }
    return label.rawValue
  }

  /// A day as ISO 8601 writes it, so that texts compare as days do; empty for none.
  private func day(_ column: Column) throws(MeasuredDataError) -> String {
    let text = self[column]
    guard !text.isEmpty else { return "" }
    let isDay =
      text.utf8.count == 10
      && text.utf8.enumerated().allSatisfy { index, byte in
        index == 4 || index == 7 ? byte == 0x2D : (0x30...0x39).contains(byte)
      }
    guard isDay else { throw fault(column, "a day such as 2026-02-12") }
    return text
  }

  private func number(_ text: some StringProtocol) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else {
      return nil
    }
    return value <= 10_000_000 ? value : nil
  }

  /// A number of 1 or more; nil where there is none.
  private func count(_ column: Column) throws(MeasuredDataError) -> Int? {
    self[column].isEmpty ? nil : try needed(column)
  }

  /// A number of tokens, or one of prompts such as `1 prompt`.
  private func stepTokens() throws(MeasuredDataError) -> Recipe.StepTokens? {
    let words = self[.stepTokens].split(separator: " ")
    guard let first = words.first else { return nil }
    let isOfPrompts = words.count == 2 && ["prompt", "prompts"].contains(words[1])
    let range = isOfPrompts ? 1...1_000 : 1...10_000_000
    guard let number = number(first), range.contains(number), isOfPrompts || words.count == 1 else {
      let expected = "1 to 10000000 tokens such as 8192, or 1 to 1000 prompts such as 1 prompt"
      throw fault(.stepTokens, expected)
    }
    return isOfPrompts ? .prompts(number) : .tokens(number)
  }

  private func needed(
    _ column: Column,
    in range: ClosedRange<Int> = 1...10_000_000
  ) throws(MeasuredDataError) -> Int {
    guard let value = number(self[column]), range.contains(value) else {
      throw fault(column, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Numbers with spaces between them, or a range such as `16-127` or `16-`.
  private func clients() throws(MeasuredDataError) -> Recipe.Clients {
    let text = self[.clients]
    if text.isEmpty { return .any }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, let first = number(ends[0]) {
      let last = ends[1].isEmpty ? Int.max : number(ends[1])
      if let last, last >= first { return .range(first...last) }
    }
    let each = text.split(separator: " ").map { number($0) }
    guard !each.isEmpty, each.allSatisfy({ $0 != nil }) else {
      throw fault(.clients, "numbers with spaces between them, or a range such as 16-127 or 16-")
    }
    return .each(each.compactMap(\.self))
  }
}
