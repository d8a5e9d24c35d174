/// What is done alike to every column that has one value per row.
protocol ColumnEdit {
  func edit<Value>(_ column: inout ContiguousArray<Value>)
}

extension RowGroup {
  /// Edits every column of one value per row; edges and prefix nodes stay.
  mutating func editColumns(_ edit: some ColumnEdit) {
    edit.edit(&record)
    edit.edit(&arrival)
    edit.edit(&promptTokens)
    edit.edit(&outputTokens)
    edit.edit(&maxOutputTokens)
    edit.edit(&session)
    edit.edit(&turn)
    edit.edit(&requestClass)
    edit.edit(&tenant)
    edit.edit(&priority)
    edit.edit(&model)
    edit.edit(&adapter)
    edit.edit(&ttftSLO)
    edit.edit(&tpotSLO)
    edit.edit(&deadline)
    edit.edit(&reasoningTokens)
    edit.edit(&gapKind)
    edit.edit(&tool)
    edit.edit(&prefixNode)
    edit.edit(&prefixBlocks)
  }

  /// Makes room for so many rows at once in the columns that have some.
  mutating func reserveCapacity(_ rows: Int) {
    editColumns(ReservedRows(count: rows))
    ReservedRows(count: rows + 1).edit(&edgeStart)
    ReservedRows(count: rows).edit(&edges)
  }

  /// Drops all but the first rows. Prefix nodes stay, even those that only later rows touched.
  public mutating func truncate(to rows: Int) {
    guard rows < count else { return }
    editColumns(FirstRows(count: rows))
    FirstRows(count: rows + 1).edit(&edgeStart)
    if let end = edgeStart.last { FirstRows(count: Int(end)).edit(&edges) }
  }

  /// Cuts into groups of the size that readers prefer, of the rows at these indices in this order.
  ///
  /// Prefix nodes are left out.
  func cut(_ order: ContiguousArray<Int>) -> [RowGroup] {
    stride(from: 0, to: order.count, by: Self.preferredRows).map { start in
      selecting(order[start..<min(start + Self.preferredRows, order.count)])
    }
  }

  /// The rows at these indices, in this order, without prefix nodes.
  func selecting(_ rows: ContiguousArray<Int>.SubSequence) -> RowGroup {
    var group = self
    group.editColumns(SelectedRows(rows: rows))
    group.prefixes = PrefixNodes()
    guard !edgeStart.isEmpty else { return group }
    group.edgeStart = [0]
    group.edges = []
    for row in rows {
      group.edges.append(contentsOf: edges[Int(edgeStart[row])..<Int(edgeStart[row + 1])])
      group.edgeStart.append(Int32(group.edges.count))
    }
    return group
  }
}

private struct ReservedRows: ColumnEdit {
  let count: Int

  func edit<Value>(_ column: inout ContiguousArray<Value>) {
    if !column.isEmpty { column.reserveCapacity(count) }
  }
}

private struct FirstRows: ColumnEdit {
  let count: Int

  func edit<Value>(_ column: inout ContiguousArray<Value>) {
    if count < column.count { column.removeLast(column.count - count) }
  }
}

private struct SelectedRows: ColumnEdit {
  let rows: ContiguousArray<Int>.SubSequence

  func edit<Value>(_ column: inout ContiguousArray<Value>) {
    if !column.isEmpty { column = ContiguousArray(rows.lazy.map { [column] in column[$0] }) }
  }
}
