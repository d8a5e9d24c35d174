/// What a trace file says of itself before its first row.
public struct ArchiveHeader: Sendable, Equatable {
  /// Version of the file format.
  public var version: Int
  public var rows: Int64
  /// Row groups, each a zstd frame of its own.
  public var groups: Int
  /// Distinct sessions; rows of no session are not counted.
  public var sessions: Int64
  /// The last arrival, in nanoseconds since the first.
  public var span: SimTime
  /// Tokens per prefix block; 0 where the trace has no prefixes.
  public var blockTokens: Int
  /// `ContentDigest` of the trace.
  public var digest: UInt128
  public var provenance: TraceProvenance
}

extension ArchiveHeader {
  /// Before the JSON text: the marker and the version.
  private static let prefixBytes = ArchiveFormat.headerMarker.count + 4

  /// The header of a file whose rows are not known yet.
  init(provenance: TraceProvenance) {
    self.init(
      version: Int(ArchiveFormat.version),
      rows: 0,
      groups: 0,
      sessions: 0,
      span: 0,
      blockTokens: 0,
      digest: 0,
      provenance: provenance
    )
  }

  private var json: JSONValue {
    .object([
      ("rows", .integer(rows)),
      ("groups", .integer(Int64(groups))),
      ("sessions", .integer(sessions)),
      ("span_ns", .integer(span)),
      ("block_tokens", .integer(Int64(blockTokens))),
      ("digest", .hex(digest)),
      (
        "units",
        .object([
          ("time", .string("ns since the first arrival")), ("length", .string("tokens")),
          ("prefix", .string("blocks of block_tokens")),
        ])
      ),
      ("provenance", provenance.json),
    ])
  }

  /// Bytes of a payload that holds this provenance beside any counts.
  var payloadBytes: Int {
    var widest = self
    widest.rows = .max
    widest.groups = .max
    widest.sessions = .max
    widest.span = .max
    widest.blockTokens = .max
    return Self.prefixBytes + widest.json.document.utf8.count
  }

  /// The frame's content, filled up with spaces to its size.
  func payload(size: Int) -> [UInt8] {
    var bytes = ArchiveFormat.headerMarker
    bytes.append(littleEndian: ArchiveFormat.version)
    bytes.append(contentsOf: json.document.utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: size - bytes.count))
    return bytes
  }

  /// Reads a frame's content.
  init(payload: [UInt8], file: String) throws(TraceError) {
    func bad(_ problem: String) -> TraceError {
      TraceError(.badData, file: file, problem: "header \(problem)")
    }
    guard payload.count >= Self.prefixBytes else { throw bad("is shorter than its fixed part") }
    let version = payload.littleEndian(at: ArchiveFormat.headerMarker.count, as: UInt32.self)
    guard version == ArchiveFormat.version else {
      throw bad(
        "is of version \(version) of the trace format, and this build reads version "
          + "\(ArchiveFormat.version)"
          + (version > ArchiveFormat.version ? "; update replay" : "; write the file again")
      )
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: Array(payload[Self.prefixBytes...]))
    } catch {
      throw bad("is not JSON: \(error)")
    }
    func number(_ key: String, _ range: ClosedRange<Int64>) throws(TraceError) -> Int64 {
      guard let value = json[key]?.wholeNumber, range.contains(value) else {
        throw bad("lacks a whole number \(key) from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    guard let hex = json["digest"]?.text, let digest = UInt128(hex, radix: 16), digest.hex == hex
    else { throw bad("lacks a digest of 32 lower-case hexadecimal digits") }
    self.version = Int(version)
    rows = try number("rows", 0...(.max))
    groups = Int(try number("groups", 0...(.max)))
    sessions = try number("sessions", 0...(.max))
    span = try number("span_ns", 0...(.max - 1))
    blockTokens = Int(try number("block_tokens", 0...Int64(ArchiveFormat.mostBlockTokens)))
    self.digest = digest
    provenance = TraceProvenance(json: json["provenance"] ?? .null)
  }
}
