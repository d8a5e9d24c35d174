import Study
import Testing
import Workload

@Suite struct FidelityReaderTests {
  private static let line = "a,aggregated,m,c,e,fp8,1024,512,64,8,8,1,,,,,56.017,7.2151"

  private func row(_ line: String) throws -> MeasuredRow {
    try #require(try FidelityRows.read(FidelityRows.header + "\n" + line + "\n").first)
  }

  @Test func `a row is read field by field, and what is empty was not recorded`() throws {
    let row = try row(Self.line)
    #expect(row.id == "a" && row.line == 2 && row.mode == .aggregated)
    #expect(row.model == "m" && row.chip == "c" && row.engine == "e" && row.precision == "fp8")
    #expect(row.promptTokens == 1_024 && row.outputTokens == 512 && row.concurrency == 64)
    #expect(row.replica == ReplicaLabels(tensor: 8, expertTensor: 8, expert: 1))
    #expect(row.prefill == PoolLabels() && row.engineVersion.isEmpty)
    #expect(row.timeToFirstToken == 56.017 / 1e3 && row.timePerOutputToken == 7.2151 / 1e3)
    let bare = try self.row("a,disaggregated,m,c,e,,1,1,,,,,5,1,11,2,,")
    #expect(bare.concurrency == nil && bare.timeToFirstToken == nil)
    #expect(bare.prefill.workers == 5 && bare.decode.workers == 11)
    #expect(bare.decode.replica.tensor == 2)
  }

  @Test func `columns may stand in any order, with others between them, quoted or not`() throws {
    let text =
      "\u{FEFF}note,osl_tokens,isl_tokens,engine,chip,model,mode,concurrency,row_id\r\n"
      + "\"a \"\"b\"\", c\",2,3,e,c,\"m,1\",aggregated,4,x\r\n\r\n"
    let rows = try FidelityRows.read(text)
    #expect(rows.count == 1)
    #expect(rows.first?.model == "m,1" && rows.first?.id == "x")
    #expect(rows.first?.promptTokens == 3 && rows.first?.outputTokens == 2)
  }

  @Test(arguments: [
    ("a,mixed,m,c,e,,1,1,1,1,,,,,,,,", "mode", "mixed"),
    ("a,aggregated,,c,e,,1,1,1,1,,,,,,,,", "model", ""),
    ("a,aggregated,m,c,e,,0,1,1,1,,,,,,,,", "isl_tokens", "0"),
    ("a,aggregated,m,c,e,,1,,1,1,,,,,,,,", "osl_tokens", ""),
    ("a,aggregated,m,c,e,,1,1,-4,1,,,,,,,,", "concurrency", "-4"),
    ("a,aggregated,m,c,e,,1,1,1,1.5,,,,,,,,", "tp", "1.5"),
    ("a,aggregated,m,c,e,,1,1,1,99999999999999999999,,,,,,,,", "tp", "99999999999999999999"),
    ("a,aggregated,m,c,e,,1,1,1,1,,,,,,,0,", "ttft_ms", "0"),
    ("a,aggregated,m,c,e,,1,1,1,1,,,,,,,1,nan", "tpot_ms", "nan"),
    ("a,aggregated,m,c,e,,1,1,1,1,,,,,,, 1,1", "ttft_ms", " 1"),
  ])
  func `a field that its column does not hold is named`(
    line: String,
    field: String,
    value: String
  ) throws {
    let error = try FidelityRows.error(FidelityRows.header + "\n" + line + "\n")
    #expect(error.kind == .badData && error.line == 2)
    #expect(error.field == field && error.value == value)
    #expect(error.description.contains(":2: \(field) is '\(value)'; expected "))
  }

  @Test func `what is no table of rows says so`() throws {
    #expect(try FidelityRows.error("").problem.contains("is empty"))
    #expect(try FidelityRows.error(FidelityRows.header).problem.contains("no rows"))
    let misspelt = FidelityRows.header.replacing("concurrency", with: "concurency")
    let lacking = try FidelityRows.error(misspelt + "\n" + Self.line)
    #expect(lacking.field == "concurrency" && lacking.problem.contains("'concurency'"))
    let twice = try FidelityRows.error(FidelityRows.header + ",chip\n" + Self.line + ",c\n")
    #expect(twice.field == "chip" && twice.line == 1)
    let short = try FidelityRows.error(FidelityRows.header + "\na,b\n")
    #expect(short.problem.contains("has 2 fields; expected 18") && short.line == 2)
    let body = Self.line + "\n"
    let repeated = try FidelityRows.error(FidelityRows.header + "\n" + body + body)
    #expect(repeated.field == "row_id" && repeated.line == 3)
    let open = try FidelityRows.error(FidelityRows.header + "\n\"a,b\n")
    #expect(open.problem.contains("not closed"))
    let missing = try #require(throws: MeasuredDataError.self) {
      try MeasuredRowReader.rows(path: "/no/such/rows.csv")
    }
    #expect(missing.kind == .noSuchFile)
  }

  @Test func `damaged files are read or refused, and never end the program`() throws {
    let whole = Array(FidelityRows.text.utf8)
    var refused = 0
    for round in 0..<400 {
      var bytes = whole
      for draw in 0..<3 {
        let word = SplitMix64.mix(UInt64(round * 7 + draw))
        let place = Int(word % UInt64(bytes.count))
        switch word >> 60 {
        case 0..<6: bytes[place] ^= UInt8(1 << (word >> 40 & 7))
        case 6..<10: bytes.remove(at: place)
        case 10..<13: bytes.insert(UInt8(truncatingIfNeeded: word >> 32), at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = [0x22] }
      }
      try FidelityRows.withFile(bytes) { path in
        do throws(MeasuredDataError) {
          let rows = try MeasuredRowReader.rows(path: path)
          #expect(rows.allSatisfy { $0.promptTokens >= 1 && $0.outputTokens >= 1 })
        } catch {
          refused += 1
          #expect(error.kind == .badData && !error.description.isEmpty)
        }
      }
    }
    #expect(refused > 100, "\(refused)")
  }
}
