import Spelling
import Workload

/// Reads the fields of an object strictly: every one that is expected, and no other.
struct ManifestFields {
  private let file: String
  private let path: String
  private let pairs: [(String, JSONValue)]
  private var read: [String] = []

  /// - Parameters:
  ///   - value: The object.
  ///   - file: What errors call the file.
  ///   - path: The keys that lead to the object; empty for the document.
  /// - Throws: `DatasetFault` for what is no object.
  init(_ value: JSONValue, file: String, path: String = "") throws(DatasetFault) {
    self.file = file
    self.path = path
    guard case .object(let pairs) = value else {
      throw DatasetFault(
        .damaged,
        file: file,
        field: path.isEmpty ? nil : path,
        problem: "is \(Self.quoted(value)); expected an object"
      )
    }
    self.pairs = pairs
  }

  /// Takes a field's value.
  ///
  /// - Parameters:
  ///   - key: Its key.
  ///   - expectation: What the value has to be, as a phrase.
  ///   - convert: The value in another form; nil where it is not as expected.
  /// - Returns: The value in that form.
  /// - Throws: `DatasetFault` where the field is missing or not as expected.
  mutating func field<Value>(
    _ key: String,
    _ expectation: String,
    _ convert: (JSONValue) -> Value?
  ) throws(DatasetFault) -> Value {
    read.append(key)
    guard let value = pairs.first(where: { $0.0 == key })?.1 else {
      throw fault(key, "is missing; expected \(expectation)")
    }
    guard let converted = convert(value) else {
      throw fault(key, "is \(Self.quoted(value)); expected \(expectation)")
    }
    return converted
  }

  /// The fields of an object inside this one.
  mutating func object(_ key: String) throws(DatasetFault) -> ManifestFields {
    let value = try field(key, "an object") { $0 }
    return try ManifestFields(value, file: file, path: name(of: key))
  }

  mutating func text(_ key: String) throws(DatasetFault) -> String {
    try field(key, "a string", \.text)
  }

  mutating func texts(_ key: String) throws(DatasetFault) -> [String] {
    try field(key, "an array of strings") { value in
      guard case .array(let values) = value else { return nil }
      let texts = values.compactMap(\.text)
      return texts.count == values.count ? texts : nil
    }
  }

  mutating func integer(
    _ key: String,
    in range: ClosedRange<Int64>
  ) throws(DatasetFault) -> Int64 {
    try field(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
      value.wholeNumber.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A whole number, or null for none.
  mutating func integer(
    _ key: String,
    in range: ClosedRange<Int64>,
    none: Int64
  ) throws(DatasetFault) -> Int64 {
    let expectation = "null or a whole number from \(range.lowerBound) to \(range.upperBound)"
    return try field(key, expectation) { value in
      if case .null = value { return none }
      return value.wholeNumber.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A finite number above 0.
  mutating func positive(_ key: String) throws(DatasetFault) -> Double {
    try field(key, "a number above 0", \.positiveNumber)
  }

  /// One of the names, or null for none.
  mutating func name(_ key: String, among names: [String]) throws(DatasetFault) -> String? {
    try field(key, "null or one of \(names.joined(separator: ", "))") { value -> String?? in
      if case .null = value { return .some(nil) }
      guard let text = value.text, names.contains(text) else { return nil }
      return text
    }
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(DatasetFault) -> Choice {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    return try field(key, names) { $0.text.flatMap(Choice.init(rawValue:)) }
  }

  mutating func bool(_ key: String) throws(DatasetFault) -> Bool {
    try field(key, "true or false") { value in
      guard case .bool(let value) = value else { return nil }
      return value
    }
  }

  mutating func digest(_ key: String) throws(DatasetFault) -> UInt128 {
    try field(key, "32 lower-case hexadecimal digits") { value in
      guard let text = value.text, let digest = UInt128(text, radix: 16), digest.hex == text else {
        return nil
      }
      return digest
    }
  }

  /// Makes sure that no field is left.
  func end() throws(DatasetFault) {
    for (key, _) in pairs where !read.contains(key) {
      throw fault(key, "is unknown\(KnownNames(read).hint(for: key))")
    }
  }

  /// Something that is wrong with the value of a field.
  func fault(_ key: String, _ problem: String) -> DatasetFault {
    DatasetFault(.damaged, file: file, field: name(of: key), problem: problem)
  }

  private func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// A value as the file has it, shortened.
  private static func quoted(_ value: JSONValue) -> String {
    let line = value.line
    return line.count > 60 ? line.prefix(57) + "..." : line
  }
}

extension JSONValue {
  /// A finite number above 0, whole or not.
  var positiveNumber: Double? {
    anyNumber.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// A number, whole or not.
  var anyNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
