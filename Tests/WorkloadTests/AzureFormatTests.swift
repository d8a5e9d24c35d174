import Testing
import Workload

private let header = "TIMESTAMP,ContextTokens,GeneratedTokens"

@Suite struct `Azure format` {
  @Test(arguments: ["\n", "\r\n"], ["", "end", "blank"])
  func `line ends and the end of the file do not matter`(ending: String, last: String) throws {
    var text = [
      header, "2023-11-16 18:17:03.9799600,4808,10", "2023-11-16 18:17:04.0319600,3180,8",
    ].joined(separator: ending)
    if last != "" { text += ending }
    if last == "blank" { text += ending }
    let group = try rows(text)
    #expect(group.arrival == [0, 52_000_000])
    #expect(group.promptTokens == [4_808, 3_180])
    #expect(group.outputTokens == [10, 8])
    #expect(group.record == [0, 1])
    #expect(group.requestClass.isEmpty && group.prefixNode.isEmpty && group.session.isEmpty)
  }

  @Test func `the stamps of 2024 mix fractions and none`() throws {
    let group = try rows(
      """
      \(header)
      2024-05-12 00:00:00+00:00,1,1
      2024-05-12 00:00:00.001163+00:00,2,1
      2024-05-12 02:00:01+02:00,3,1
      "2024-05-11T23:00:02.000000001-01:00","4","1"
      2024-05-12T00:00:03Z,5,1
      """
    )
    #expect(
      group.arrival == [0, 1_163_000, 1_000_000_000, 2_000_000_001, 3_000_000_000]
    )
  }

  @Test(arguments: [
    ("2023-12-31 23:59:59", "2024-01-01 00:00:00", 1),
    ("2024-02-28 00:00:00", "2024-03-01 00:00:00", 172_800),
    ("2023-02-28 00:00:00", "2023-03-01 00:00:00", 86_400),
    ("1900-02-28 00:00:00", "1900-03-01 00:00:00", 86_400),
    ("2000-02-28 00:00:00", "2000-03-01 00:00:00", 172_800),
    ("1970-01-01 00:00:00", "2000-01-01 00:00:00", 946_684_800),
    ("1960-01-01 00:00:00", "1970-01-01 00:00:00", 315_619_200),
  ])
  func `dates follow the Gregorian calendar`(from: String, to: String, seconds: Int64) throws {
    let group = try rows("\(header)\n\(from),1,1\n\(to),1,1\n")
    #expect(group.arrival == [0, seconds * 1_000_000_000])
  }

  @Test(arguments: [
    "2023-13-01 00:00:00", "2023-00-01 00:00:00", "2023-02-29 00:00:00", "2023-04-31 00:00:00",
    "2023-01-00 00:00:00", "2023-01-01 24:00:00", "2023-01-01 00:60:00", "2023-01-01 00:00:60",
    "2023-01-01 00:00:00.", "2023-01-01 00:00:00.0123456789", "2023-01-01 00:00:00+0000",
    "2023-01-01 00:00:00+24:00", "2023-01-01 00:00:00X", "2023-01-01_00:00:00",
    "2023/01/01 00:00:00", "0001-01-01 00:00:00", "9999-01-01 00:00:00", "2023-01-01", "", "1",
  ])
  func `a bad stamp is an error at its column`(stamp: String) throws {
    let error = try failure("\(header)\n\(stamp),1,1\n", as: .azure)
    #expect(error?.line == 2)
    #expect(error?.column == 1)
    #expect(error?.problem.hasPrefix("TIMESTAMP is ") == true)
  }

  @Test(arguments: [
    ("2023-11-16 18:17:03,0,1", 21, "'0'"),
    ("2023-11-16 18:17:03,-4,1", 21, "'-4'"),
    ("2023-11-16 18:17:03,4.5,1", 21, "'4.5'"),
    ("2023-11-16 18:17:03,2147483648,1", 21, "2147483647"),
    ("2023-11-16 18:17:03,99999999999999999999,1", 21, "2147483647"),
    ("2023-11-16 18:17:03,4,0", 23, "GeneratedTokens"),
    ("2023-11-16 18:17:03,4,", 23, "nothing"),
    ("2023-11-16 18:17:03,4", 22, "GeneratedTokens is missing"),
    ("2023-11-16 18:17:03,4,1,", 25, "more"),
    ("2023-11-16 18:17:03,4 ,1", 21, "'4 '"),
    ("2023-11-16 18:17:03,\"4,1", 21, "not closed"),
    ("2023-11-16 18:17:03,\"4\"x,1", 24, "comma"),
    ("2023-11-16 18:17:02,4,1", 1, "earlier"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure("\(header)\n2023-11-16 18:17:03,1,1\n\(row)\n", as: .azure)
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("TIMESTAMP,ContextTokens,GeneratedToken", 25),
    ("TIMESTAMP,NumImages,ContextTokens,GeneratedTokens", 11),
    ("TIMESTAMP,ContextTokens", 24),
    ("TIMESTAMP,ContextTokens,GeneratedTokens,X", 41),
  ])
  func `a wrong header is an error at its column`(wrong: String, column: Int) throws {
    let error = try failure("\(wrong)\n2023-11-16 18:17:03,1,1\n", as: .azure)
    #expect(error?.line == 1)
    #expect(error?.column == column)
  }

  @Test(arguments: [
    "2023-11-16 18:17:03.9799600", "2023-11-16 18:17:03.9799600Z", "2023-11-16T18:17:03+01:00",
  ])
  func `the epoch is the first stamp as it is spelt`(stamp: String) throws {
    let folder = try TemporaryFolder()
    let text = "\(header)\n\"\(stamp)\",1,1\n2023-11-16 20:00:00,1,1\n"
    let reader = try TraceFile(path: folder.file("trace", text.utf8)).makeReader()
    #expect(reader.epoch == nil)
    _ = try reader.next()
    #expect(reader.epoch == stamp)
  }

  @Test func `finer stamps are rounded to the nearest nanosecond where asked for`() throws {
    let folder = try TemporaryFolder()
    let stamps = ["00.0000000004", "00.9999999994", "00.99999999949", "00.9999999995"]
    let text =
      "\(header)\n" + stamps.map { "2023-11-16 18:17:\($0),1,1\n" }.joined()
    let path = try folder.file("trace", text.utf8)
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: TraceFile(path: path)) }
    let trace = try InMemoryTrace(reading: TraceFile(path: path, rounding: true))
    #expect(trace.groups.map(\.arrival) == [[0, 999_999_999, 999_999_999, 1_000_000_000]])
  }

  @Test func `a header alone holds no requests`() throws {
    #expect(try failure("\(header)\n", as: .azure)?.problem == "holds no requests")
  }

  @Test func `a blank line inside the file is an error`() throws {
    let row = "2023-11-16 18:17:03,1,1"
    let error = try failure("\(header)\n\(row)\n\n\(row)\n", as: .azure)
    #expect(error?.line == 3)
    #expect(error?.problem.contains("blank line") == true)
  }
}
