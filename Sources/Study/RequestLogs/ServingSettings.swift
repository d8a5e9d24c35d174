import Workload

/// How a serving engine was set up; nil where nothing says so.
public struct ServingSettings: Sendable, Equatable {
  /// A name of the catalogue, or of a model repository.
  public var model: String?
  /// Requests that run at once at most (`max_num_seqs`).
  public var maxSequences: Int?
  /// Token budget of a step (`max_num_batched_tokens`).
  public var maxBatchedTokens: Int?
  /// Blocks of KV memory, and tokens per block.
  public var kvBlocks: Int?
  public var blockTokens: Int?
  /// Chips of the replica (`tensor_parallel_size`).
  public var chips: Int?
  /// Whether a step is put together while the one before it runs (`async_scheduling`).
  public var schedulesAhead: Bool?

  public init() {}

  /// Those of `meta.json` in the folder of a log; nil where there is none.
  init?(beside log: String) throws(MeasuredDataError) {
    do throws(MeasuredDataError) {
      try self.init(path: Self.path("meta.json", beside: log))
    } catch {
      guard error.kind == .noSuchFile else { throw error }
      return nil
    }
  }

  /// Reads the settings of a JSON file: keys as vLLM names its engine arguments, at the top level, or
  /// in `engine_kwargs`, `kv_cache` and `resolved_config.scheduler_config`. Others are
  /// passed over.
  ///
  /// - Throws: `MeasuredDataError` where it cannot be read, or a value is none that its key can have.
  public init(path: String) throws(MeasuredDataError) {
    let value: JSONValue
    do throws(TraceError) {
      let bytes = try PlainBytes(path: path).rest(limit: 1 << 26)
      do throws(JSONError) {
        value = try JSONValue(parsing: bytes)
      } catch {
        throw TraceError(.badData, file: path, problem: error.description)
      }
    } catch {
      throw MeasuredDataError(error)
    }
    guard case .object = value else {
      throw MeasuredDataError(.badData, file: path, problem: "is no JSON object; expected one")
    }
    let section = SettingsSection(file: path, root: value)
    model = try section.text("model")
    maxSequences = try section.whole("max_num_seqs", in: 1...1_048_576)
    maxBatchedTokens = try section.whole("max_num_batched_tokens", in: 1...100_000_000)
    kvBlocks = try section.whole("num_gpu_blocks", in: 1...1_000_000_000)
    blockTokens = try section.whole("block_size", in: 1...65_536)
    chips = try section.whole("tensor_parallel_size", in: 1...4_096)
    schedulesAhead = try section.flag("async_scheduling")
  }

  /// The path of a file in the folder of another.
  static func path(_ name: String, beside other: String) -> String {
    (other.lastIndex(of: "/").map { String(other[...$0]) } ?? "") + name
  }
}

/// Values of a settings file, wherever in it they stand.
private struct SettingsSection {
  let file: String
  /// The objects that hold settings, the one that counts first.
  private let objects: [(path: String, object: JSONValue)]

  init(file: String, root: JSONValue) {
    self.file = file
    var objects: [(String, JSONValue)] = [("", root)]
    for key in ["engine_kwargs", "kv_cache"] {
      if let object = root[key] { objects.append((key + ".", object)) }
    }
    if let object = root["resolved_config"]?["scheduler_config"] {
      objects.append(("resolved_config.scheduler_config.", object))
    }
    self.objects = objects
  }

  /// The first value with a key that is not null, and its place.
  private func find(_ key: String) -> (field: String, value: JSONValue)? {
    for (path, object) in objects {
      guard let value = object[key] else { continue }
      if case .null = value { continue }
      return (path + key, value)
    }
    return nil
  }

  func whole(_ key: String, in range: ClosedRange<Int>) throws(MeasuredDataError) -> Int? {
    guard let (field, value) = find(key) else { return nil }
    guard let number = value.wholeNumber, let whole = Int(exactly: number), range.contains(whole)
    else {
      throw fault(
        field,
        value,
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return whole
  }

  func text(_ key: String) throws(MeasuredDataError) -> String? {
    guard let (field, value) = find(key) else { return nil }
    guard let text = value.text else { throw fault(field, value, "a text") }
    return text
  }

  func flag(_ key: String) throws(MeasuredDataError) -> Bool? {
    guard let (field, value) = find(key) else { return nil }
    guard case .bool(let flag) = value else { throw fault(field, value, "true or false") }
    return flag
  }

  private func fault(_ field: String, _ value: JSONValue, _ expected: String) -> MeasuredDataError {
    MeasuredDataError(
      .badData,
      file: file,
      field: field,
      value: value.line,
      problem: expected
    )
  }
}
