/// What is done to every column that has one value per row.
protocol ColumnVisitor {
  /// Takes a column and what a row means by having no value in it.
  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  )
}

extension RowGroup {
  /// Visits the columns of one value per row; edges and prefix nodes are not among them.
  static func visitColumns(_ visitor: inout some ColumnVisitor) {
    visitor.visit(\.record, absent: 0)
    visitor.visit(\.arrival, absent: 0)
    visitor.visit(\.promptTokens, absent: 1)
    visitor.visit(\.outputTokens, absent: 1)
    visitor.visit(\.maxOutputTokens, absent: 0)
    visitor.visit(\.session, absent: -1)
    visitor.visit(\.turn, absent: 0)
    visitor.visit(\.requestClass, absent: NameColumns.unnamed)
    visitor.visit(\.tenant, absent: NameColumns.unnamed)
    visitor.visit(\.priority, absent: 0)
    visitor.visit(\.model, absent: NameColumns.unnamed)
    visitor.visit(\.adapter, absent: NameColumns.unnamed)
    visitor.visit(\.ttftSLO, absent: 0)
    visitor.visit(\.tpotSLO, absent: 0)
    visitor.visit(\.deadline, absent: .never)
    visitor.visit(\.reasoningTokens, absent: 0)
    visitor.visit(\.gapKind, absent: .none)
    visitor.visit(\.tool, absent: NameColumns.unnamed)
    visitor.visit(\.prefixNode, absent: -1)
    visitor.visit(\.prefixBlocks, absent: 0)
  }

  /// Bytes of all columns and edges; prefix nodes are left out.
  var columnBytes: Int {
    var size = ColumnBytes(group: self)
    Self.visitColumns(&size)
    return size.bytes + 4 * edgeStart.count + MemoryLayout<TurnEdge>.stride * edges.count
  }

  /// Takes the rows at these places, in this order, without prefix nodes.
  init(_ places: ContiguousArray<RowPlace>.SubSequence, of groups: [RowGroup]) {
    self.init()
    var gather = ColumnGather(groups: groups, places: places)
    Self.visitColumns(&gather)
    self = gather.result
    gatherEdges(places, starts: groups.map(\.edgeStart), edges: groups.map(\.edges))
  }

  private mutating func gatherEdges(
    _ places: ContiguousArray<RowPlace>.SubSequence,
    starts: [ContiguousArray<Int32>],
    edges sources: [ContiguousArray<TurnEdge>]
  ) {
    guard starts.contains(where: { !$0.isEmpty }) else { return }
    edgeStart.reserveCapacity(places.count + 1)
    edgeStart.append(0)
    edges.reserveCapacity(places.count)
    // Rows next to each other are mostly of one group.
    var group = places.first?.group ?? 0
    var (start, source) = (starts[Int(group)], sources[Int(group)])
    for place in places {
      if place.group != group {
        group = place.group
        (start, source) = (starts[Int(group)], sources[Int(group)])
      }
      if !start.isEmpty {
        for edge in Int(start[Int(place.row)])..<Int(start[Int(place.row) + 1]) {
          edges.append(source[edge])
        }
      }
      edgeStart.append(Int32(edges.count))
    }
  }
}

extension [RowGroup] {
  /// Adds a group, to the last one where both together are no larger than readers prefer: what is
  /// done with the rows takes time for each group.
  mutating func append(coalescing group: RowGroup) {
    if let last, last.count + group.count <= RowGroup.preferredRows {
      self[count - 1].append(group)
    } else {
      append(group)
      self[count - 1].prefixes = PrefixNodes()
    }
  }
}

extension RowGroup {
  /// Adds the rows of another group, without its prefix nodes.
  fileprivate mutating func append(_ other: RowGroup) {
    if !edgeStart.isEmpty || !other.edgeStart.isEmpty {
      if edgeStart.isEmpty { edgeStart = ContiguousArray(repeating: 0, count: count + 1) }
      let first = edgeStart.last ?? 0
      if other.edgeStart.isEmpty {
        edgeStart.append(contentsOf: repeatElement(first, count: other.count))
      } else {
        edgeStart.append(contentsOf: other.edgeStart.dropFirst().lazy.map { first + $0 })
      }
      edges.append(contentsOf: other.edges)
    }
    var append = ColumnAppend(target: self, more: other, targetRows: count)
    self = RowGroup()
    Self.visitColumns(&append)
    self = append.target
  }
}

/// Where a row stands in a list of groups.
struct RowPlace {
  var group: Int32
  var row: Int32
}

private struct ColumnBytes: ColumnVisitor {
  let group: RowGroup
  var bytes = 0

  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  ) {
    bytes += group[keyPath: column].count * MemoryLayout<Value>.stride
  }
}

private struct ColumnAppend: ColumnVisitor {
  var target: RowGroup
  let more: RowGroup
  let targetRows: Int

  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  ) {
    let values = more[keyPath: column]
    if values.isEmpty, target[keyPath: column].isEmpty { return }
    if target[keyPath: column].isEmpty {
      target[keyPath: column] = ContiguousArray(repeating: absent, count: targetRows)
    }
    if values.isEmpty {
      target[keyPath: column].append(contentsOf: repeatElement(absent, count: more.count))
    } else {
      target[keyPath: column].append(contentsOf: values)
    }
  }
}

private struct ColumnGather: ColumnVisitor {
  let groups: [RowGroup]
  let places: ContiguousArray<RowPlace>.SubSequence
  var result = RowGroup()

  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  ) {
    let sources = groups.map { $0[keyPath: column] }
    guard sources.contains(where: { !$0.isEmpty }) else { return }
    let values = unsafe ContiguousArray<Value>(unsafeUninitializedCapacity: places.count) {
      values,
      count in
      // Rows next to each other are mostly of one group.
      var group = places.first?.group ?? 0
      var source = sources[Int(group)]
      for place in places {
        if place.group != group {
          group = place.group
          source = sources[Int(group)]
        }
        let value = source.isEmpty ? absent : source[Int(place.row)]
        unsafe values.initializeElement(at: count, to: value)
        count += 1
      }
    }
    result[keyPath: column] = values
  }
}
