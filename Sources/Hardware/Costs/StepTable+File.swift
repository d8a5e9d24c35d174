public import ConfigFiles
import Spelling

extension StepTable {
  /// Columns by name; times in milliseconds. A file may have others.
  private enum Column: String, CaseIterable {
    case model, hardware
    case promptSize = "prompt_size"
    case batchSize = "batch_size"
    case tokenSize = "token_size"
    case promptTime = "prompt_time"
    case tokenTime = "token_time"
    case tensorParallel = "tensor_parallel"
    case peakPower = "peak_power"
    case averagePower = "average_power"

    var isOptional: Bool { self == .peakPower || self == .averagePower }
  }

  /// Reads the rows of a comma-separated file with a header, as that of splitwise-sim.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - selection: The rows that count.
  /// - Throws: `ConfigFileError` with line and column where a field is not what the header says, and
  ///   where no rows are selected.
  public init(file path: String, selecting selection: Selection) throws(ConfigFileError) {
    try self.init(BoundedFile.read(path, as: "table of measured times"), path, selection)
  }

  init(
    _ bytes: [UInt8],
    _ file: String,
    _ selection: Selection
  ) throws(ConfigFileError) {
    do {
      try self.init(TableLines(bytes), selection)
    } catch {
      throw error.error(in: file)
    }
  }

  private init(_ lines: TableLines, _ selection: Selection) throws(FileFault) {
    var lines = lines
    let header = try lines.header()
    var positions: [Column: Int] = [:]
    for column in Column.allCases {
      guard let position = header.firstIndex(of: column.rawValue) else {
        if column.isOptional { continue }
        throw FileFault(
          at: FilePlace(line: 1, column: 1),
          "the header has no column '\(column.rawValue)'; add it"
        )
      }
      positions[column] = position
    }
    var rows: [Row] = []
    var known: [String] = []
    while let record = try lines.next() {
      func text(_ column: Column) -> String {
        positions[column].map { record.fields[$0].text } ?? "0"
      }
      func number(_ column: Column, in range: ClosedRange<Double>) throws(FileFault) -> Double {
        guard let position = positions[column] else { return 0 }
        return try record.fields[position].number(column.rawValue, in: range)
      }
      let milliseconds = 1e-6...1e7
      let row = Row(
        promptTokens: try record.whole(positions[.promptSize], "prompt_size"),
        batch: try record.whole(positions[.batchSize], "batch_size"),
        outputTokens: try record.whole(positions[.tokenSize], "token_size"),
        promptTime: try number(.promptTime, in: milliseconds) / 1e3,
        tokenTime: try number(.tokenTime, in: milliseconds) / 1e3,
        peakPower: try number(.peakPower, in: 0...10),
        averagePower: try number(.averagePower, in: 0...10)
      )
      let chips = try record.whole(positions[.tensorParallel], "tensor_parallel")
      let name = "\(text(.model)), \(text(.hardware)), \(chips)"
      if !known.contains(name) { known.append(name) }
      guard
        Selection(model: text(.model), hardware: text(.hardware), tensorParallel: chips)
          == selection
      else { continue }
      rows.append(row)
    }
    let wanted = "\(selection.model), \(selection.hardware), \(selection.tensorParallel)"
    guard !rows.isEmpty else {
      throw FileFault(
        at: nil,
        "has no rows of '\(wanted)' (model, hardware, tensor_parallel)"
          + KnownNames(known).hint(for: wanted)
      )
    }
    guard let table = StepTable(rows) else {
      throw FileFault(
        at: nil,
        "has no rows of '\(wanted)' with a single request; expected several prompt sizes at batch 1 "
          + "and several batches of one prompt size"
      )
    }
    self = table
  }
}

/// The records of a comma-separated text without quotes, with the places of their fields.
struct TableLines {
  struct Field {
    var text: String
    var place: FilePlace

    func number(_ name: String, in range: ClosedRange<Double>) throws(FileFault) -> Double {
      guard let value = FileNumbers.decimal(text), range.contains(value) else {
        throw FileFault(
          at: place,
          "\(name) is '\(text.prefix(40))'; expected a number from \(range.lowerBound) to "
            + "\(range.upperBound)"
        )
      }
      return value
    }
  }

  struct Record {
    var fields: [Field]

    func whole(_ position: Int?, _ name: String) throws(FileFault) -> Int {
      guard let position else { return 0 }
      let field = fields[position]
      guard let value = FileNumbers.whole(field.text), (1...10_000_000).contains(value) else {
        throw FileFault(
          at: field.place,
          "\(name) is '\(field.text.prefix(40))'; expected a whole number from 1 to 10000000"
        )
      }
      return value
    }
  }

  private var lines: [ArraySlice<UInt8>]
  private var line = 0
  private var columns = 0

  init(_ bytes: [UInt8]) {
    lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  /// The names of the columns.
  mutating func header() throws(FileFault) -> [String] {
    guard let record = try next() else {
      throw FileFault(at: nil, "is empty; expected a header and rows")
    }
    let names = record.fields.map(\.text)
    for (index, field) in record.fields.enumerated() where names[..<index].contains(field.text) {
      throw FileFault(at: field.place, "column '\(field.text)' is there twice; keep one")
    }
    return names
  }

  /// The next record with as many fields as the header; nil after the last.
  mutating func next() throws(FileFault) -> Record? {
    while line < lines.count {
      var bytes = lines[line]
      line += 1
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      if bytes.isEmpty { continue }
      let record = try record(bytes)
      if columns == 0 { columns = record.fields.count }
      guard record.fields.count == columns else {
        throw FileFault(
          at: FilePlace(line: line, column: 1),
          "has \(record.fields.count) fields; expected \(columns), as the header has"
        )
      }
      return record
    }
    return nil
  }

  private func record(_ bytes: ArraySlice<UInt8>) throws(FileFault) -> Record {
    var fields: [Field] = []
    var column = 1
    for part in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let place = FilePlace(line: line, column: column)
      guard let text = String(validating: part, as: UTF8.self) else {
        throw FileFault(at: place, "is not UTF-8 text")
      }
      fields.append(Field(text: text, place: place))
      column += text.unicodeScalars.count + 1
    }
    return Record(fields: fields)
  }
}
