extension RowGroup {
  /// The rows at these indices, in this order, with the prefix nodes that they touch.
  func keeping(_ rows: ContiguousArray<Int>) -> RowGroup {
    var group = selecting(rows[...])
    group.prefixes = prefixes.touched(by: group.prefixNode)
    return group
  }
}

extension PrefixNodes {
  /// The nodes in which paths end, and those above them, in their order.
  func touched(by ends: ContiguousArray<Int32>) -> PrefixNodes {
    guard count > 0 else { return self }
    var wanted = Set(ends)
    // Children stand behind their parents.
    for index in id.indices.reversed() where wanted.contains(id[index]) {
      wanted.insert(parent[index])
    }
    var nodes = PrefixNodes()
    for index in id.indices where wanted.contains(id[index]) {
      nodes.id.append(id[index])
      nodes.parent.append(parent[index])
      nodes.offset.append(offset[index])
      nodes.blocks.append(blocks[index])
    }
    return nodes
  }
}
