import Foundation
import Testing

@testable import Workload

@Suite struct `Content digest` {
  private let trace: InMemoryTrace
  private let whole: RowGroup

  init() {
    var sample = RandomTrace(seed: 31, rows: 60, withSessions: true, everyColumn: true)
    trace = sample.trace()
    whole = joined(trace)
  }

  private func digest(_ group: RowGroup, _ names: TraceNames? = nil) -> UInt128 {
    var digest = ContentDigest()
    digest.add(group, names ?? trace.names)
    return digest.value
  }

  @Test func `no partition, order or numbering of names changes it`() {
    let expected = WorkloadTests.digest(of: trace)
    #expect(digest(whole) == expected)
    let places = (0..<whole.count).reversed().map { RowPlace(group: 0, row: Int32($0)) }
    var reversed = RowGroup(places[...], of: [whole])
    reversed.prefixes = whole.prefixes
    #expect(digest(reversed) == expected)
    var (renumbered, names) = (whole, trace.names)
    names.classes.insert("another", at: 0)
    for row in renumbered.requestClass.indices { renumbered.requestClass[row] += 1 }
    #expect(digest(renumbered, names) == expected)
  }

  @Test func `a column of defaults is like none`() {
    var group = whole
    group.maxOutputTokens = ContiguousArray(repeating: 0, count: group.count)
    group.deadline = ContiguousArray(repeating: .never, count: group.count)
    var names = trace.names
    names.tenants = [""]
    group.tenant = ContiguousArray(repeating: 0, count: group.count)
    let expected = digest(group, names)
    group.maxOutputTokens = []
    group.deadline = []
    group.tenant = []
    names.tenants = []
    #expect(digest(group, names) == expected)
  }

  @Test func `any value that changes changes it`() {
    var seen: Set<UInt128> = [digest(whole)]
    var edits = 0
    func expectNew(_ edit: (inout RowGroup) -> Void) {
      var group = whole
      edit(&group)
      edits += 1
      #expect(seen.insert(digest(group)).inserted, "edit \(edits)")
    }
    for row in [0, 17, 59] {
      expectNew { $0.record[row] += 1_000 }
      expectNew { $0.arrival[row] += 1 }
      expectNew { $0.promptTokens[row] ^= 1 << 20 }
      expectNew { $0.outputTokens[row] ^= 1 << 20 }
      expectNew { $0.maxOutputTokens[row] ^= 1 << 20 }
      expectNew { $0.session[row] += 1_000 }
      expectNew { $0.turn[row] ^= 1 << 20 }
      expectNew { $0.priority[row] ^= 1 << 20 }
      expectNew { $0.ttftSLO[row] ^= 1 << 40 }
      expectNew { $0.tpotSLO[row] ^= 1 << 40 }
      expectNew { $0.deadline[row] ^= 1 << 40 }
      expectNew { $0.reasoningTokens[row] ^= 1 << 20 }
      expectNew { $0.gapKind[row] = $0.gapKind[row] == .tool ? .human : .tool }
      expectNew {
        $0.prefixBlocks[row] += $0.prefixNode[row] < 0 ? 0 : 1 << 20; $0.turn[row] += 7
      }
    }
    expectNew { $0.edges[3].delay += 1 }
    expectNew { $0.edges[3].parentRecord += 1 }
    expectNew { $0.edges[3].trigger = $0.edges[3].trigger == .dispatch ? .completion : .dispatch }
    expectNew { swap(&$0.promptTokens, &$0.outputTokens) }
    expectNew { swap(&$0.ttftSLO, &$0.tpotSLO) }
    // The path above a row's node counts, up to the root.
    expectNew { $0.prefixes.blocks[0] += 1 }
    expectNew { $0.prefixes.offset[0] += 1 }
    var names = trace.names
    names.models = names.models.map { $0 + "2" }
    #expect(seen.insert(digest(whole, names)).inserted)
    names.blockTokens = 32
    #expect(seen.insert(digest(whole, names)).inserted)
  }

  @Test(arguments: [
    "azure-llm-2023/AzureLLMInferenceTrace_conv.csv",
    "azure-llm-2023/AzureLLMInferenceTrace_code.csv", "mooncake-fast25/conversation_trace.jsonl",
  ])
  func `a published trace keeps it in at most 7 bytes per row`(name: String) throws {
    guard let path = Folders.published(name) else { return }
    let text = try InMemoryTrace(reading: TraceFile(path: path))
    let folder = try TemporaryFolder()
    let file = try archive(text, in: folder, level: 19)
    #expect(file.header.digest == WorkloadTests.digest(of: text))
    let size = try Data(contentsOf: URL(filePath: file.path)).count
    #expect(Int64(size) <= 7 * file.header.rows)
    #expect(try InMemoryTrace(reading: file).groups == text.groups)
  }
}
