import Foundation
import Testing
import Workload

/// Damaged files of every registered format: a typed error or a valid trace, never a trap.
@Suite struct `Damaged traces` {
  @Test(arguments: TraceFormat.all.map(\.name))
  func `an example is a valid trace`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let trace = try ExampleFile.read(format)
    #expect(violations(of: trace).isEmpty)
    #expect(trace.groups.first?.count ?? 0 > 1)
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `a file cut at any byte is an error or a prefix of its rows`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let bytes = Array(format.example.utf8)
    let whole = try #require(try ExampleFile.read(format).groups.first)
    let example = try ExampleFile(format)
    for length in 0..<bytes.count {
      for isDetected in [true, false] {
        let file = try example.trace(bytes[..<length], isDetected: isDetected)
        guard let trace = readable(file) else { continue }
        #expect(violations(of: trace).isEmpty)
        let group = try #require(trace.groups.first)
        // The last row may have lost digits; those before it are whole.
        let sound = group.count - 1
        #expect(group.arrival[..<sound] == whole.arrival[..<sound])
        #expect(group.promptTokens[..<sound] == whole.promptTokens[..<sound])
        #expect(group.outputTokens[..<sound] == whole.outputTokens[..<sound])
      }
    }
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `flipped bits are an error or give valid rows`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let original = Array(format.example.utf8)
    let example = try ExampleFile(format)
    var random = SplitMix64(seed: 21)
    var failures = 0
    for round in 0..<4_000 {
      var bytes = original
      for _ in 0...(round % 3) {
        let bit = Int(random.next() % UInt64(8 * bytes.count))
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      }
      guard let trace = readable(try example.trace(bytes, isDetected: round % 2 == 1)) else {
        failures += 1
        continue
      }
      let found = violations(of: trace)
      #expect(found.isEmpty, "\(found) in \(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(failures > 1_000)
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `spliced lines and stray bytes are an error or give valid rows`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let original = Array(format.example.utf8)
    let stray: [[UInt8]] = [
      [0], [0xFF], Array(",".utf8), Array("\"".utf8), Array("\n".utf8), Array("\r".utf8),
      Array("9".utf8), Array("-".utf8), Array(".".utf8), Array("99999999999999999999".utf8),
      Array("[{".utf8), Array("\\u0000".utf8), Array(repeating: 0x5B, count: 5_000),
    ]
    let example = try ExampleFile(format)
    for position in 0...original.count {
      for piece in stray {
        let bytes = original[..<position] + piece + original[position...]
        guard let trace = readable(try example.trace(bytes, isDetected: false)) else { continue }
        #expect(violations(of: trace).isEmpty)
      }
    }
  }

  @Test(arguments: Packing.allCases)
  func `compressed data cut at any byte is an error`(packing: Packing) throws {
    let folder = try TemporaryFolder()
    let packed = try packing.packed(TraceFormat.csv.example)
    for length in 0..<packed.count {
      let path = try folder.file("cut", packed[..<length])
      let error = #expect(throws: TraceError.self) {
        try InMemoryTrace(reading: TraceFile(path: path))
      }
      #expect(error?.kind == .badData)
      if length >= packing.magicBytes {
        #expect(error?.problem.contains("byte offset \(length)") == true)
      }
    }
  }

  @Test(arguments: Packing.allCases)
  func `compressed data with flipped bits is an error or unchanged`(packing: Packing) throws {
    let folder = try TemporaryFolder()
    let packed = try packing.packed(TraceFormat.csv.example)
    let whole = try read(TraceFormat.csv.example).groups
    var failures = 0
    for bit in 0..<8 * packed.count {
      var bytes = packed
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let path = try folder.file("flipped", bytes)
      if let trace = readable(TraceFile(path: path, format: .csv)) {
        #expect(trace.groups == whole)
      } else {
        failures += 1
      }
    }
    #expect(failures > 4 * packed.count)
  }

  @Test(arguments: Packing.allCases)
  func `bytes after the compressed data are an error`(packing: Packing) throws {
    let folder = try TemporaryFolder()
    let packed = try packing.packed(TraceFormat.csv.example)
    for tail in [[0], [0x28], [0x1F], Array("hello, world".utf8)] {
      let path = try folder.file("tail", packed + tail)
      #expect(throws: TraceError.self) { try InMemoryTrace(reading: TraceFile(path: path)) }
    }
  }

  /// The trace, or nil where reading it gave an error.
  private func readable(_ file: TraceFile) -> InMemoryTrace? {
    do throws(TraceError) {
      return try InMemoryTrace(reading: file)
    } catch {
      #expect(error.kind == .badData)
      #expect(!error.problem.isEmpty)
      return nil
    }
  }
}
