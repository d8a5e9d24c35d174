import ConfigFiles
import Spelling
import Workload

/// Reads measurements of served models from a CSV file whose header names the columns, in any order.
///
/// Needed are `row_id`, `mode`, `model`, `chip`, `engine`, `isl_tokens`, `osl_tokens` and
/// `concurrency`; known besides them are the other columns of ``Column``, and what else there is, is
/// ignored. An empty field was not recorded.
public struct MeasuredRowReader {
  /// The columns by their names in the header.
  enum Column: String, CaseIterable {
    case id = "row_id"
    case mode, model, chip, engine
    case engineVersion = "engine_version"
    case precision
    case promptTokens = "isl_tokens"
    case outputTokens = "osl_tokens"
    case concurrency
    case tensor = "tp"
    case pipeline = "pp"
    case attentionData = "attention_dp"
    case expertTensor = "moe_tp"
    case expert = "moe_ep"
    case prefillBatch = "prefill_batch"
    case prefillWorkers = "prefill_workers"
    case prefillTensor = "prefill_tp"
    case prefillAttentionData = "prefill_attention_dp"
    case prefillExpertTensor = "prefill_moe_tp"
    case prefillExpert = "prefill_moe_ep"
    case decodeBatch = "decode_batch"
    case decodeWorkers = "decode_workers"
    case decodeTensor = "decode_tp"
    case decodeAttentionData = "decode_attention_dp"
    case decodeExpertTensor = "decode_moe_tp"
    case decodeExpert = "decode_moe_ep"
    case measuredOn = "measured_on"
    case timeToFirstToken = "ttft_ms"
    case timePerOutputToken = "tpot_ms"

    static let needed: [Column] = [
      .id, .mode, .model, .chip, .engine, .promptTokens, .outputTokens, .concurrency,
    ]
  }

  private var records: CSVRecords
  /// Where each column stands; −1 where the file does not have it.
  private let positions: [Int]
  /// Lines of the rows met so far; only looked up.
  private var lines: [String: Int] = [:]
  private var fields: [String] = []

  /// Opens a file, plain, gzip or zstd, at its first row.
  ///
  /// - Throws: `MeasuredDataError` for a file that cannot be read, or whose header lacks a column.
  public init(path: String) throws(MeasuredDataError) {
    records = try CSVRecords(path: path)
    let header = records.header
    positions = Column.allCases.map { header.firstIndex(of: $0.rawValue) ?? -1 }
    for column in Column.needed where !header.contains(column.rawValue) {
      let near = KnownNames(header).nearest(to: column.rawValue).map { "; is it '\($0)'?" } ?? ""
      throw MeasuredDataError(
        .badData,
        file: path,
        line: records.line,
        field: column.rawValue,
        problem: "the header has no such column\(near)"
      )
    }
  }

  /// The rows of a file, in its order.
  ///
  /// - Throws: `MeasuredDataError` for the first thing that is wrong, or for a file without rows.
  public static func rows(path: String) throws(MeasuredDataError) -> [MeasuredRow] {
    var reader = try MeasuredRowReader(path: path)
    var rows: [MeasuredRow] = []
    while let row = try reader.next() { rows.append(row) }
    guard !rows.isEmpty else {
      throw MeasuredDataError(.badData, file: path, problem: "has no rows below its header")
    }
    return rows
  }

  /// The next row; nil after the last.
  ///
  /// - Throws: `MeasuredDataError` for a field that is something else than its column holds, or a row
  ///   whose name an earlier one has.
  public mutating func next() throws(MeasuredDataError) -> MeasuredRow? {
    guard let fields = try records.next() else { return nil }
    self.fields = fields
    let id = try word(.id)
    if let earlier = lines.updateValue(records.line, forKey: id) {
      throw fault(.id, "a name of its own; line \(earlier) has it too")
    }
    return MeasuredRow(
      id: id,
      line: records.line,
      mode: try mode(),
      model: try word(.model),
      chip: try word(.chip),
      engine: try name(.engine),
      engineVersion: try note(.engineVersion),
      precision: try note(.precision),
      measuredOn: try note(.measuredOn),
      promptTokens: try tokens(.promptTokens),
      outputTokens: try tokens(.outputTokens),
      concurrency: try whole(.concurrency, in: 1...1_000_000),
      replica: ReplicaLabels(
        tensor: try label(.tensor),
        pipeline: try label(.pipeline),
        attentionData: try label(.attentionData),
        expertTensor: try label(.expertTensor),
        expert: try label(.expert)
      ),
      prefill: try prefillPool(),
      decode: try decodePool(),
      timeToFirstToken: try milliseconds(.timeToFirstToken),
      timePerOutputToken: try milliseconds(.timePerOutputToken)
    )
  }

  private func prefillPool() throws(MeasuredDataError) -> PoolLabels {
    var pool = PoolLabels()
    pool.workers = try whole(.prefillWorkers, in: 1...65_536)
    pool.batch = try whole(.prefillBatch, in: 1...1_000_000)
    pool.replica.tensor = try label(.prefillTensor)
    pool.replica.attentionData = try label(.prefillAttentionData)
    pool.replica.expertTensor = try label(.prefillExpertTensor)
    pool.replica.expert = try label(.prefillExpert)
    return pool
  }

  private func decodePool() throws(MeasuredDataError) -> PoolLabels {
    var pool = PoolLabels()
    pool.workers = try whole(.decodeWorkers, in: 1...65_536)
    pool.batch = try whole(.decodeBatch, in: 1...1_000_000)
    pool.replica.tensor = try label(.decodeTensor)
    pool.replica.attentionData = try label(.decodeAttentionData)
    pool.replica.expertTensor = try label(.decodeExpertTensor)
    pool.replica.expert = try label(.decodeExpert)
    return pool
  }

  // MARK: Fields

  /// The text of a column; empty where the file does not have it.
  private subscript(column: Column) -> String {
    let position = Column.allCases.firstIndex(of: column).map { positions[$0] } ?? -1
    return position < 0 ? "" : fields[position]
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
    let text = self[column]
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard !text.isEmpty, text.utf8.count <= 200, isPlain else {
      throw fault(column, "1 to 200 characters")
    }
    return text
  }

  /// Text that may be missing.
  private func note(_ column: Column) throws(MeasuredDataError) -> String {
    self[column].isEmpty ? "" : try word(column)
  }

  /// What goes into the names of a profile.
  private func name(_ column: Column) throws(MeasuredDataError) -> String {
    let text = self[column]
    let isName = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    guard isName, (1...64).contains(text.utf8.count) else {
      throw fault(column, "1 to 64 letters, digits, '.', '-' or '_'")
    }
    return text
  }

  private func mode() throws(MeasuredDataError) -> MeasuredRow.Mode {
    guard let mode = MeasuredRow.Mode(rawValue: self[.mode]) else {
      throw fault(.mode, "aggregated or disaggregated")
    }
    return mode
  }

  private func whole(
    _ column: Column,
    in range: ClosedRange<Int>
  ) throws(MeasuredDataError) -> Int? {
    let text = self[column]
    guard !text.isEmpty else { return nil }
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isPlain, let value = Int(text), range.contains(value) else {
      throw fault(column, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private func tokens(_ column: Column) throws(MeasuredDataError) -> Int {
    guard let tokens = try whole(column, in: 1...10_000_000) else {
      throw fault(column, "a whole number from 1 to 10000000")
    }
    return tokens
  }

  /// A degree of parallelism; benchmarks write 0 for none.
  private func label(_ column: Column) throws(MeasuredDataError) -> Int? {
    try whole(column, in: 0...65_536)
  }

  private func milliseconds(_ column: Column) throws(MeasuredDataError) -> Double? {
    let text = self[column]
    guard !text.isEmpty else { return nil }
    guard let value = FileNumbers.decimal(text), value > 0, value <= 1e9 else {
      throw fault(column, "milliseconds above 0, at most 1e9, such as 56.017")
    }
    return value / 1e3
  }
}
