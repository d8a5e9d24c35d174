/// Numbers the places of a prefix trie as paths first name them.
///
/// Memory is for the nodes, not for their blocks.
struct BlockNumbers {
  private var indices = NumberedValues<Int>()
  private var nodes = ContiguousArray<Node>()
  /// The runs behind the first, of nodes whose blocks were named in several parts.
  private var laterRuns: [Int: [Run]] = [:]
  private var next: Int64 = 0
  /// Nodes of which some block has a number.
  private var named: Int32 = 0
  /// The nodes of the path at hand, the last first.
  private var path: [(node: Int, count: Int32)] = []

  private struct Node {
    var id: Int32
    /// Index of the parent; −1 at a root.
    var parent: Int
    var offset: Int32
    var blocks: Int32
    /// Blocks of a path before this node's first.
    var depth: Int64
    /// How many of its blocks have a number, from the first on.
    var numbered: Int32 = 0
    var firstRun = Run()
  }

  /// Blocks whose numbers count up.
  private struct Run {
    var number: Int64 = 0
    var count: Int32 = 0
  }

  mutating func define(_ prefixes: PrefixNodes) {
    for index in prefixes.id.indices where indices[prefixes.id[index]] == nil {
      let parent = indices[prefixes.parent[index]] ?? -1
      let offset = prefixes.offset[index]
      indices.insert(prefixes.id[index], nodes.count)
      nodes.append(
        Node(
          id: prefixes.id[index],
          parent: parent,
          offset: offset,
          blocks: prefixes.blocks[index],
          depth: parent >= 0 ? nodes[parent].depth + Int64(offset) : 0
        )
      )
    }
  }

  /// How many blocks a path has that ends behind so many of a node; nil for one that is not defined.
  func blocks(upTo end: Int32, _ count: Int32) -> Int64? {
    indices[end].map { nodes[$0].depth + Int64(count) }
  }

  /// Appends the numbers of a path's blocks, the first block's first, separated by commas.
  ///
  /// - Returns: Whether an importer that makes one node of what is new in each path would make those
  ///   of the trace.
  mutating func append(_ end: Int32, _ count: Int32, to text: inout [UInt8]) -> Bool {
    path.removeAll(keepingCapacity: true)
    let last = indices[end] ?? -1
    var (node, blocks) = (last, count)
    while node >= 0 {
      path.append((node, blocks))
      (node, blocks) = (nodes[node].parent, nodes[node].offset)
    }
    var isAsImported = true
    var isFirst = true
    for (node, blocks) in path.reversed() {
      if nodes[node].numbered < blocks {
        isAsImported = isAsImported && node == last && isNewNode(node, blocks)
        number(node, upTo: blocks)
      }
      var left = blocks
      func append(_ run: Run) {
        let count = min(run.count, left)
        text.append(numbersFrom: run.number, count: count, isFirst: isFirst)
        isFirst = isFirst && count == 0
        left -= count
      }
      append(nodes[node].firstRun)
      if left > 0 { laterRuns[node]?.forEach(append) }
    }
    return isAsImported
  }

  /// Gives numbers to those of a node's first blocks that have none.
  private mutating func number(_ node: Int, upTo blocks: Int32) {
    let run = Run(number: next, count: blocks - nodes[node].numbered)
    if nodes[node].numbered == 0 {
      named += 1
      nodes[node].firstRun = run
    } else {
      laterRuns[node, default: []].append(run)
    }
    nodes[node].numbered = blocks
    next += Int64(run.count)
  }

  /// Whether a node is what an importer makes of blocks that no path had before.
  private func isNewNode(_ node: Int, _ blocks: Int32) -> Bool {
    nodes[node].numbered == 0 && nodes[node].id == named && nodes[node].blocks == blocks
      && (nodes[node].offset > 0) == (nodes[node].parent >= 0)
  }
}

extension [UInt8] {
  /// Appends numbers that count up, with a comma before each but the first of all.
  fileprivate mutating func append(numbersFrom first: Int64, count: Int32, isFirst: Bool) {
    for number in first..<first + Int64(count) {
      if !isFirst || number > first {
        append(UInt8(ascii: ","))
        append(UInt8(ascii: " "))
      }
      append(decimal: number)
    }
  }
}
