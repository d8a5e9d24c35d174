import Testing
import Workload

@Suite struct SessionLimitTests {
  private func admitted(_ sessions: [Int32], count: Int, limit: Int64) -> [Int] {
    var group = RowGroup()
    group.record = ContiguousArray((0..<count).map(Int64.init))
    group.session = ContiguousArray(sessions)
    var limit = SessionLimit(limit)
    return (0..<count).filter { limit.admits(row: $0, of: group) }
  }

  @Test func `rows of the first sessions are admitted, however late they come`() {
    #expect(admitted([7, 3, 7, 5, 3, 5, 7], count: 7, limit: 2) == [0, 1, 2, 4, 6])
  }

  @Test func `a row of no session counts as one by itself`() {
    #expect(admitted([-1, 4, -1, 4, -1], count: 5, limit: 3) == [0, 1, 2, 3])
    #expect(admitted([], count: 5, limit: 3) == [0, 1, 2])
    #expect(admitted([], count: 5, limit: .max) == [0, 1, 2, 3, 4])
  }

  @Test func `it closes when only new sessions could be left out`() {
    var group = RowGroup()
    group.record = [0, 1]
    var limit = SessionLimit(1)
    #expect(!limit.isClosed)
    #expect(limit.admits(row: 0, of: group) && limit.isClosed)
    group.session = [0, 1]
    limit = SessionLimit(1)
    #expect(limit.admits(row: 0, of: group) && !limit.isClosed)
  }
}
