/// A trace in this project's own file, `NAME.replay.zst`, whose header and index have been read.
///
/// `TraceFile` reads the same files, from pipes too; this type also says what is in them before
/// their first row, and starts at any row group. `traces/FORMAT.md` specifies the file.
public struct TraceArchive: Trace {
  public let path: String
  public let header: ArchiveHeader
  /// The row groups, in the order of the file: by the start of their first session.
  public let index: [ArchiveGroup]
  let headerContent: [UInt8]
  let groupsStart: Int64

  /// The last component of the path.
  public var name: String { TraceFile(path: path).name }

  /// Reads and checks the header and the index.
  ///
  /// - Throws: `noSuchFile` and `unreadable` as `TraceFile` does, `unreadable` for a pipe, and
  ///   `badData` for a file of another format or version, one that is truncated, and where header
  ///   and index do not agree.
  public init(path: String) throws(TraceError) {
    self.path = path
    let source = try FileRange(path: path, from: 0)
    let frames = FrameReader(source, at: 0)
    (header, headerContent) = try ArchiveReader.header(frames)
    groupsStart = frames.offset
    let indexStart = try Self.indexStart(path, size: source.size, groupsStart)
    let tail = FrameReader(try FileRange(path: path, from: indexStart), at: indexStart)
    guard try tail.nextKind() == .index else {
      throw tail.bad("is not the index that the end of the file names", at: indexStart)
    }
    let content = try tail.skippableContent(most: Int(source.size - indexStart))
    index = try ArchiveIndex.groups(payload: content, header: headerContent, file: path)
    try ArchiveIndex.check(index, against: header, bytes: groupsStart..<indexStart, file: path)
  }

  /// Where the last bytes of the file say that the index starts.
  private static func indexStart(
    _ path: String,
    size: Int64,
    _ groupsStart: Int64
  ) throws(TraceError) -> Int64 {
    let trailerStart = size - Int64(ArchiveFormat.trailerBytes)
    var trailer = [UInt8](repeating: 0, count: ArchiveFormat.trailerBytes)
    if trailerStart >= groupsStart {
      let count = try FileRange(path: path, from: trailerStart).fill(&trailer, from: 0)
      if count < trailer.count { trailer = [UInt8](repeating: 0, count: trailer.count) }
    }
    let length = trailer.littleEndian(at: 0, as: Int64.self)
    guard trailer[8...].elementsEqual(ArchiveFormat.endMarker), length > 0,
      length <= size - groupsStart
    else {
      throw TraceError(
        .badData,
        file: path,
        problem: "does not end with an index; the file is truncated, fetch or write it again"
      )
    }
    return size - length
  }

  /// Whether a file starts like a trace file of this project, of whatever version.
  ///
  /// - Throws: `noSuchFile` and `unreadable`, as `TraceFile` does.
  public static func isArchive(path: String) throws(TraceError) -> Bool {
    let start = PeekedBytes(try FileBytes(path: path))
    return ArchiveFormat.recognizes(try start.peek(ArchiveFormat.recognizedBytes))
  }

  /// Reads the rows by arrival, as every other trace comes.
  ///
  /// Checks rows, order, index and digest; what only the end of the file can show is thrown there.
  public func makeReader() throws(TraceError) -> any TraceReader {
    ArrivalOrder(try ArchiveReader(FileRange(path: path, from: 0)))
  }

  /// Reads the row groups of the file from one on, as they are: sessions whole, by their start.
  ///
  /// - Parameter group: Index of the first group, at most the number of groups. From the first one
  ///   on, the digest is checked too.
  /// - Returns: A reader whose names are those of the groups read.
  /// - Throws: As `TraceFile` does.
  public func makeSessionReader(
    startingAt group: Int = 0
  ) throws(TraceError) -> any TraceReader {
    precondition((0...index.count).contains(group))
    let skipped = index[..<group]
    let start = skipped.last.map { $0.offset + $0.packedBytes } ?? groupsStart
    return try ArchiveReader(FileRange(path: path, from: start), of: self, behind: skipped)
  }
}
