public import Workload

/// Consecutive blocks of one prefix node that a prompt goes through.
public struct PathRun: Sendable, Equatable {
  /// Dense number of the node, from 0 in the order in which the trace names it.
  public var node: Int32
  /// Blocks `start ..< end` of the node, counted from its first.
  public var start: Int32
  public var end: Int32

  public init(node: Int32, start: Int32, end: Int32) {
    self.node = node
    self.start = start
    self.end = end
  }

  @inlinable public var count: Int { Int(end - start) }
}

/// The prompts of a trace as paths of block runs, from the root on, in the order of arrival.
///
/// What a cache sees of a trace. Costs memory in proportion to runs, of which even a prompt of
/// thousands of blocks has tens.
public struct PrefixPaths: Sendable {
  /// Runs of prompt `i` are `runs[firstRun[i] ..< firstRun[i + 1]]`.
  public private(set) var firstRun: ContiguousArray<Int32> = [0]
  public private(set) var runs = ContiguousArray<PathRun>()
  /// Tokens of each prompt; its last block may be partial.
  public private(set) var promptTokens = ContiguousArray<Int32>()
  /// When each prompt arrives, in nanoseconds.
  public private(set) var arrival = ContiguousArray<SimTime>()
  /// Session of each prompt; −1 for none.
  public private(set) var session = ContiguousArray<Int32>()
  /// Class of each prompt; 0 where the trace has none.
  public private(set) var requestClass = ContiguousArray<UInt16>()
  /// Blocks of each node.
  public private(set) var nodeBlocks = ContiguousArray<Int32>()
  /// Number of each node's first block, counting the blocks of all nodes before it.
  public private(set) var firstBlock = ContiguousArray<Int32>()
  /// Tokens per block.
  public private(set) var blockTokens = 0
  /// Blocks of all nodes.
  public private(set) var blockCount = 0
  /// Blocks of all prompts.
  public private(set) var references: Int64 = 0

  private var numbers: [Int32: Int32] = [:]
  private var parent = ContiguousArray<Int32>()
  private var offset = ContiguousArray<Int32>()

  public init() {}

  /// Reads the prompts of a trace; those without a prefix have an empty path.
  ///
  /// - Throws: What the reader throws; `badData` where a path is no path of the nodes that its group
  ///   restates, or all nodes together have more than 2³¹ − 1 blocks.
  public init(reading trace: some Trace) throws(TraceError) {
    let reader = try trace.makeReader()
    while let group = try reader.next() {
      do throws(PathFault) {
        try add(group)
      } catch {
        throw TraceError(.badData, file: trace.name, problem: error.problem)
      }
    }
    blockTokens = reader.names.blockTokens
  }

  public var count: Int { promptTokens.count }

  /// The nodes by their dense numbers, parents before children.
  public var nodes: PrefixNodes {
    var nodes = PrefixNodes()
    nodes.id = ContiguousArray(0..<Int32(nodeBlocks.count))
    nodes.parent = parent
    nodes.offset = offset
    nodes.blocks = nodeBlocks
    return nodes
  }

  /// Adds the prompts of a group.
  private mutating func add(_ group: RowGroup) throws(PathFault) {
    try addNodes(group.prefixes)
    promptTokens.append(contentsOf: group.promptTokens)
    arrival.append(contentsOf: group.arrival)
    Self.append(group.session, or: -1, rows: group.count, to: &session)
    Self.append(group.requestClass, or: 0, rows: group.count, to: &requestClass)
    for row in 0..<group.count {
      if !group.prefixNode.isEmpty, group.prefixNode[row] >= 0 {
        try addPath(group.prefixNode[row], group.prefixBlocks[row], record: group.record[row])
      }
      guard let end = Int32(exactly: runs.count) else {
        throw PathFault(problem: "prompts have more than \(Int32.max) runs of blocks")
      }
      firstRun.append(end)
    }
  }

  /// The number of the block before each; −1 at the root.
  var parentBlocks: ContiguousArray<Int32> {
    var blocks = ContiguousArray<Int32>()
    blocks.reserveCapacity(blockCount)
    for node in nodeBlocks.indices {
      let above = parent[node]
      blocks.append(above < 0 ? -1 : firstBlock[Int(above)] + offset[node] - 1)
      blocks.append(contentsOf: firstBlock[node]..<firstBlock[node] + nodeBlocks[node] - 1)
    }
    return blocks
  }

  private static func append<Value>(
    _ values: ContiguousArray<Value>,
    or missing: Value,
    rows: Int,
    to column: inout ContiguousArray<Value>
  ) {
    if values.isEmpty {
      column.append(contentsOf: repeatElement(missing, count: rows))
    } else {
      column.append(contentsOf: values)
    }
  }

  private mutating func addNodes(_ table: PrefixNodes) throws(PathFault) {
    for index in 0..<table.count where numbers[table.id[index]] == nil {
      let blocks = table.blocks[index]
      guard blocks >= 1, let first = Int32(exactly: blockCount),
        Int32(exactly: blockCount + Int(blocks)) != nil
      else { throw PathFault(problem: "prefix nodes have more than \(Int32.max) blocks") }
      var above: Int32 = -1
      if table.parent[index] >= 0 {
        guard let known = numbers[table.parent[index]],
          (1...nodeBlocks[Int(known)]).contains(table.offset[index])
        else {
          throw PathFault(problem: "prefix node \(table.id[index]) has no such parent")
        }
        above = known
      }
      numbers[table.id[index]] = Int32(nodeBlocks.count)
      parent.append(above)
      offset.append(table.offset[index])
      nodeBlocks.append(blocks)
      firstBlock.append(first)
      blockCount += Int(blocks)
    }
  }

  private mutating func addPath(
    _ end: Int32,
    _ blocks: Int32,
    record: Int64
  ) throws(PathFault) {
    guard var node = numbers[end], (1...nodeBlocks[Int(node)]).contains(blocks) else {
      throw PathFault(problem: "record \(record) ends in no known prefix node")
    }
    let first = runs.count
    var taken = blocks
    while node >= 0 {
      runs.append(PathRun(node: node, start: 0, end: taken))
      references += Int64(taken)
      taken = offset[Int(node)]
      node = parent[Int(node)]
    }
    runs[first...].reverse()
  }
}

private struct PathFault: Error {
  var problem: String
}
