import Workload

/// The prefix nodes of agents at work, in memory for those alone.
///
/// Nodes have places, which are used again once an agent has left them; their numbers in the trace
/// are not.
struct LiveNodes {
  private var parent = ContiguousArray<Int32>()
  private var offset = ContiguousArray<Int32>()
  private var blocks = ContiguousArray<Int32>()
  private var id = ContiguousArray<Int32>()
  /// The row group that stated the node last.
  private var statedIn = ContiguousArray<Int32>()
  private var free = ContiguousArray<Int32>()
  private var path = ContiguousArray<Int32>()
  private var group: Int32 = 0
  /// Nodes so far, which may come to more than a trace can number.
  private(set) var count: Int64 = 0

  /// The number of a node in the trace.
  func number(_ place: Int32) -> Int32 { id[Int(place)] }

  /// Adds a node behind `offset` blocks of another, or a root where that is −1.
  mutating func add(parent: Int32, offset: Int32, blocks: Int32) -> Int32 {
    let number = Int32(truncatingIfNeeded: count)
    count += 1
    guard let place = free.popLast() else {
      self.parent.append(parent)
      self.offset.append(offset)
      self.blocks.append(blocks)
      id.append(number)
      statedIn.append(-1)
      return Int32(id.count - 1)
    }
    self.parent[Int(place)] = parent
    self.offset[Int(place)] = offset
    self.blocks[Int(place)] = blocks
    id[Int(place)] = number
    statedIn[Int(place)] = -1
    return place
  }

  /// Gives back the places of a node and those above it, down to one that stays, or −1 for all.
  mutating func release(from place: Int32, downTo base: Int32) {
    var place = place
    while place != base, place >= 0 {
      free.append(place)
      place = parent[Int(place)]
    }
  }

  /// Writes a node and those above it among a group's, parents first, as far as they are not there.
  mutating func state(_ place: Int32, in nodes: inout PrefixNodes) {
    var place = place
    while place >= 0, statedIn[Int(place)] != group {
      statedIn[Int(place)] = group
      path.append(place)
      place = parent[Int(place)]
    }
    while let place = path.popLast() {
      let index = Int(place)
      nodes.id.append(id[index])
      nodes.parent.append(parent[index] < 0 ? -1 : id[Int(parent[index])])
      nodes.offset.append(offset[index])
      nodes.blocks.append(blocks[index])
    }
  }

  mutating func startGroup() { group += 1 }
}
