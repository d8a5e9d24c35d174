/// What is done to every column that has one value per row.
protocol ColumnVisitor {
  /// - Parameter absent: What a row means by having no value.
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
    visitor.visit(\.requestClass, absent: 0)
    visitor.visit(\.tenant, absent: 0)
    visitor.visit(\.priority, absent: 0)
    visitor.visit(\.model, absent: 0)
    visitor.visit(\.adapter, absent: 0)
    visitor.visit(\.ttftSLO, absent: 0)
    visitor.visit(\.tpotSLO, absent: 0)
    visitor.visit(\.deadline, absent: .never)
    visitor.visit(\.reasoningTokens, absent: 0)
    visitor.visit(\.gapKind, absent: .none)
    visitor.visit(\.tool, absent: 0)
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
    for place in places {
      let (group, row) = (Int(place.group), Int(place.row))
      if !starts[group].isEmpty {
        for edge in Int(starts[group][row])..<Int(starts[group][row + 1]) {
          edges.append(sources[group][edge])
        }
      }
      edgeStart.append(Int32(edges.count))
    }
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
      for place in places {
        let source = sources[Int(place.group)]
        let value = source.isEmpty ? absent : source[Int(place.row)]
        unsafe values.initializeElement(at: count, to: value)
        count += 1
      }
    }
    result[keyPath: column] = values
  }
}
