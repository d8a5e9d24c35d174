import Testing

@testable import Study

@Suite struct RecipeFitTests {
  private typealias Rows = RecipeRows

  @Test func `lengths, clients and days are the row's`() throws {
    let book = try Rows.book([
      Rows.split(), Rows.split(days: "2026-02-11,", drafts: 1),
      Rows.split(days: ",2026-02-10", drafts: 2), Rows.split(clients: "65-", drafts: 3),
    ])
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { _ in }) == [2, 4])
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { $0.measuredOn = "" }) == [2])
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { $0.concurrency = 65 }) == [5])
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { $0.concurrency = nil }).isEmpty)
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { $0.promptTokens = 8_192 }).isEmpty)
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { $0.engine = "vllm" }).isEmpty)
    #expect(Rows.lines(book, for: Rows.row(.aggregated) { _ in }).isEmpty)
  }

  @Test func `plain recipes come first, and one of those that cost the same`() throws {
    let book = try Rows.book([
      Rows.split(drafts: 2), Rows.split(), Rows.split(pools: "3,4,4,2,8,8,both"),
      Rows.split(batch: "16"), Rows.split(pools: "1,4,4,1,8,8,both"),
    ])
    #expect(Rows.lines(book, for: Rows.row(.disaggregated) { _ in }) == [3, 5, 6, 2])
  }

  @Test func `chips per worker are the row's, as engines write them`() throws {
    let book = try Rows.book([Rows.split(), Rows.split(pools: "1,4,4,2,4,4,both")])
    func lines(_ change: (inout MeasuredRow) -> Void) -> [Int] {
      Rows.lines(book, for: Rows.row(.disaggregated, change))
    }
    #expect(lines { _ in } == [2])
    #expect(lines { $0.decode.replica.tensor = 4 } == [3])
    #expect(lines { $0.decode.replica.tensor = 16 }.isEmpty)
    #expect(lines { $0.prefill.replica.tensor = 2 }.isEmpty)
    #expect(lines { $0.prefill.replica.tensor = 1 } == [2])
    #expect(lines { ($0.decode.replica.tensor, $0.decode.replica.attentionData) = (1, 4) } == [3])
    // Prefill workers are told by their attention ranks as well.
    #expect(lines { ($0.prefill.replica.tensor, $0.prefill.replica.attentionData) = (2, 4) } == [2])
    // Ones throughout say nothing; with experts they are a worker of one chip.
    let ones = Rows.row(.disaggregated) {
      $0.prefill.replica = ReplicaLabels(tensor: 1, attentionData: 1)
      $0.decode.replica = ReplicaLabels(tensor: 1, attentionData: 1, expertTensor: 1, expert: 1)
    }
    #expect(Rows.lines(book, for: ones) == [2, 3])
    var sharing = ones
    sharing.decode.replica.expert = 8
    #expect(Rows.lines(book, for: sharing).isEmpty)
  }

  @Test func `workers that a row counts win, and then its version`() throws {
    let book = try Rows.book([
      Rows.split(versions: "0.5.8"), Rows.split(pools: "1,4,4,5,8,8,both"),
      Rows.split(versions: "0.5.9 0.5.8", drafts: 2), Rows.split(versions: "0.5.6", drafts: 1),
    ])
    func lines(_ change: (inout MeasuredRow) -> Void) -> [Int] {
      Rows.lines(book, for: Rows.row(.disaggregated, change))
    }
    #expect(lines { _ in } == [2, 4])
    #expect(lines { $0.decode.workers = 5 } == [3])
    #expect(lines { $0.decode.workers = 2 } == [2, 4])
    // What no recipe has is no reason to have none.
    #expect(lines { $0.decode.workers = 7 } == [2, 4])
    #expect(lines { $0.engineVersion = "0.5.9" } == [4])
    #expect(lines { $0.engineVersion = "0.6" } == [3])
    #expect(lines { $0.engineVersion = "" } == [3])
    #expect(lines { ($0.engineVersion, $0.decode.workers) = ("0.6", 2) } == [2, 4, 5])
  }

  @Test func `early rows give the chips of the whole deployment`() throws {
    let book = try Rows.book([
      Rows.split(), Rows.split(pools: "1,4,4,1,16,16,both", drafts: 3),
      Rows.split(pools: "3,4,4,1,8,8,both", drafts: 1),
    ])
    let early = Rows.row(.disaggregated) {
      ($0.measuredOn, $0.decode.replica.tensor) = ("2025-12-05", 20)
    }
    #expect(Rows.lines(book, for: early) == [2, 3, 4])
    var later = early
    later.measuredOn = "2025-12-15"
    #expect(Rows.lines(book, for: later).isEmpty)
    // Some are labelled aggregated; those are taken to be plain where one fits.
    var whole = Rows.row(.aggregated) {
      ($0.measuredOn, $0.replica.tensor) = ("2025-11-17", 20)
    }
    #expect(Rows.lines(book, for: whole) == [2])
    whole.replica.tensor = 12
    #expect(Rows.lines(book, for: whole).isEmpty)
  }

  @Test func `rows under the name of V3 that count their workers are plain`() throws {
    let book = try Rows.book([Rows.split(), Rows.split(drafts: 2)])
    var row = Rows.row(.disaggregated) { $0.model = "deepseek-ai/DeepSeek-V3" }
    #expect(Rows.lines(book, for: row) == [2, 3])
    row.decode.workers = 2
    #expect(Rows.lines(book, for: row) == [2])
    row.model = "deepseek-ai/DeepSeek-R1"
    #expect(Rows.lines(book, for: row) == [2, 3])
  }

  @Test func `recipes of replicas are for the layouts that they state`() throws {
    let book = try Rows.book([
      Rows.whole(versions: "0.5.8", replica: "8,1,none", drafts: 2),
      Rows.whole(lengths: "1024,1024", clients: "1-15"), Rows.whole(intervals: "30,30,"),
      Rows.whole(versions: "0.5.8", replica: ",8,", drafts: 1),
    ])
    func lines(_ change: (inout MeasuredRow) -> Void) -> [Int] {
      Rows.lines(book, for: Rows.row(.aggregated, change))
    }
    #expect(lines { _ in } == [2])
    #expect(lines { $0.engineVersion = "0.5.9" } == [4])
    #expect(lines { ($0.engineVersion, $0.concurrency) = ("0.5.9", 8) } == [3])
    #expect(lines { $0.replica = ReplicaLabels(tensor: 8, expert: 8) } == [4])
    #expect(lines { $0.replica = ReplicaLabels(tensor: 4) } == [4])
    #expect(lines { $0.replica = ReplicaLabels(tensor: 1, expert: 8) } == [5])
    #expect(lines { ($0.promptTokens, $0.replica.tensor) = (8_192, 4) } == [4])
  }

  @Test func `nearly all collected rows of pools have a recipe, with the workers they count`()
    throws
  {
    guard let path = FidelityRows.shared else { return }
    let rows = try MeasuredRowReader.rows(path: path)
    let catalogue = RowCatalogue(naming: rows)
    let lengths = [1_024, 8_192]
    var (split, matched) = (0, 0)
    for row in rows where row.mode == .disaggregated && row.concurrency != nil {
      guard lengths.contains(row.promptTokens), lengths.contains(row.outputTokens) else { continue }
      let recipes = try RowSetup.candidates(row, in: catalogue).compactMap(\.recipe)
      split += 1
      if !recipes.isEmpty { matched += 1 }
      guard let workers = row.decode.workers else { continue }
      for case .disaggregated(_, let decode) in recipes.map(\.deployment) {
        #expect(decode.workers == workers, "\(row.id)")
      }
    }
    #expect(split > 500)
    #expect(Double(matched) >= 0.95 * Double(split), "\(matched) of \(split)")
  }
}
