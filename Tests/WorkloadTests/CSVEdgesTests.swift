import Testing
import Workload

@Suite struct `CSV parents and delays` {
  private func text(_ rows: [String]) -> String {
    let header = "arrival_seconds,prompt_tokens,output_tokens,session,turn,delay_seconds,parents"
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  @Test func `parents name rows of their session before and behind them`() throws {
    let trace = try read(
      text([
        "0,1,1,5,0,,2", "0,1,1,6,0,,", "1,1,1,5,0,,", "1,1,1,5,0,,0:1.5;2:0:completion",
        "2,1,1,6,0,,1:0.000000001:dispatch", "3,1,1,,0,,",
      ])
    )
    #expect(
      edges(of: trace) == [
        0: [after(2)], 3: [after(0, 1_500_000_000), after(2)], 4: [with(1, 1)],
      ]
    )
    #expect(violations(of: trace).isEmpty)
  }

  @Test func `a delay waits for the turn before, whatever the order of the lines`() throws {
    let trace = try read(
      text([
        "0,1,1,5,9,2,", "0,1,1,5,1,,", "1,1,1,6,3,,", "1,1,1,5,4,0.25,", "2,1,1,6,4,0,",
        "2,1,1,6,4,1,", "2,1,1,,0,,",
      ])
    )
    #expect(
      edges(of: trace) == [
        0: [after(3, 2_000_000_000)], 3: [after(1, 250_000_000)], 4: [after(2)],
        5: [after(2, 1_000_000_000)],
      ]
    )
  }

  @Test func `long traces keep their groups, and their edges across them`() throws {
    let rows = RowGroup.preferredRows + 9
    // Two sessions whose rows alternate: in one each waits for the row before, in the other behind.
    let lines = (0..<rows).map { row in
      let parent = row % 2 == 0 ? row - 2 : row + 2
      return "\(row),1,1,\(row % 2),0,,\((0..<rows).contains(parent) ? "\(parent):1" : "")"
    }
    let trace = try read(text(lines))
    #expect(trace.groups.map(\.count) == [RowGroup.preferredRows, 9])
    #expect(violations(of: trace).isEmpty)
    let found = edges(of: trace)
    for row in 2..<rows - 2 {
      #expect(found[Int64(row)] == [after(Int64(row % 2 == 0 ? row - 2 : row + 2), 1_000_000_000)])
    }
  }

  @Test(arguments: [
    ("1,1,1,5,1,,x", 12, "parents holds 'x'; expected RECORD[:"),
    ("1,1,1,5,1,,-1", 12, "holds '-1'"), ("1,1,1,5,1,,0;", 14, "holds nothing"),
    ("1,1,1,5,1,,;0", 12, "holds nothing"), ("1,1,1,5,1,,0:1:done", 12, "'0:1:done'"),
    ("1,1,1,5,1,,0:1:dispatch:", 12, "'0:1:dispatch:'"), ("1,1,1,5,1,,0:-1", 14, "'-1'"),
    ("1,1,1,5,1,,0:", 14, "nothing"), ("1,1,1,5,1,,99999999999999999999", 12, "RECORD"),
    ("1,1,1,5,1,x,", 11, "delay_seconds is 'x'; expected seconds"),
    ("1,1,1,5,1,2,0", 11, "beside parents"), ("1,1,1,,1,2,", 10, "row of no session"),
    (
      "1,1,1,5,1,,7", 12,
      "parents names record 7, which the trace does not have; expected another "
        + "record of session 5"
    ),
    ("1,1,1,5,1,,1", 12, "which is itself"), ("1,1,1,5,1,,0;0:2", 14, "record 0 twice"),
    ("1,1,1,6,1,,0", 12, "which belongs to session 5; expected another record of session 6"),
    ("1,1,1,,1,,0", 11, "expected no parent, since the row has no session"),
    ("1,1,1,5,0,3,", 11, "first turn of session 5"),
    ("1,1,1,9,5,3,", 11, "first turn of session 9"),
  ])
  func `a bad edge is an error at its column`(row: String, column: Int, problem: String) throws {
    let error = try failure(text(["0,1,1,5,0,,", row, "2,1,1,8,0,,"]), as: .csv)
    #expect(error?.line == 3)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `a delay behind a turn of two rows is an error`() throws {
    let rows = ["0,1,1,5,0,,", "0,1,1,5,1,,", "0,1,1,5,1,,", "0,1,1,5,2,1,"]
    let error = try failure(text(rows), as: .csv)
    #expect(error?.line == 5)
    #expect(error?.column == 11)
    #expect(error?.problem.contains("turn 1 of session 5, which is on 2 rows") == true)
  }

  @Test func `a cycle is an error that names its rows`() throws {
    let rows = ["0,1,1,5,0,,3", "0,1,1,5,7,,0", "0,1,1,5,8,,1;0", "0,1,1,5,9,5,", "0,1,1,5,9,5,"]
    let error = try failure(text(rows), as: .csv)
    #expect(error?.line == 3)
    #expect(error?.column == 12)
    #expect(
      error?.problem == "parents names record 0, which waits for it in turn: "
        + "0 waits for 3 waits for 2 waits for 1; expected no cycle"
    )
  }
}
