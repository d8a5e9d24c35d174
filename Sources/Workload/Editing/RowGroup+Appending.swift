/// What a row is called in a merged trace.
struct RowNumbers {
  var record: Int64
  var session: Int32 = -1
  /// −1 for none.
  var prefixNode: Int32 = -1
}

extension RowGroup {
  /// Appends a row of another trace's group, its edges and prefix nodes excepted.
  ///
  /// A column that either lacks is filled with its default.
  mutating func append(
    _ row: Int,
    of source: borrowing RowGroup,
    _ numbers: RowNumbers,
    _ indices: borrowing NameIndices,
    _ names: inout MergedNames
  ) {
    let rows = count
    record.append(numbers.record)
    arrival.append(source.arrival[row])
    promptTokens.append(source.promptTokens[row])
    outputTokens.append(source.outputTokens[row])
    maxOutputTokens.append(row, of: source.maxOutputTokens, else: 0, rows)
    session.append(numbers.session, isThere: !source.session.isEmpty, else: -1, rows)
    turn.append(row, of: source.turn, else: 0, rows)
    names.classes.append(row, of: source.requestClass, indices.classes, to: &requestClass, rows)
    names.tenants.append(row, of: source.tenant, indices.tenants, to: &tenant, rows)
    priority.append(row, of: source.priority, else: 0, rows)
    names.models.append(row, of: source.model, indices.models, to: &model, rows)
    names.adapters.append(row, of: source.adapter, indices.adapters, to: &adapter, rows)
    ttftSLO.append(row, of: source.ttftSLO, else: 0, rows)
    tpotSLO.append(row, of: source.tpotSLO, else: 0, rows)
    deadline.append(row, of: source.deadline, else: .never, rows)
    reasoningTokens.append(row, of: source.reasoningTokens, else: 0, rows)
    gapKind.append(row, of: source.gapKind, else: .none, rows)
    names.tools.append(row, of: source.tool, indices.tools, to: &tool, rows)
    let hasPrefix = !source.prefixNode.isEmpty
    prefixNode.append(numbers.prefixNode, isThere: hasPrefix, else: -1, rows)
    prefixBlocks.append(row, of: source.prefixBlocks, else: 0, rows)
  }
}

extension ContiguousArray {
  /// Appends the value of a row to a column of `count` rows.
  fileprivate mutating func append(
    _ row: Int,
    of source: borrowing ContiguousArray,
    else absent: Element,
    _ count: Int
  ) {
    append(
      source.isEmpty ? absent : source[row],
      isThere: !source.isEmpty,
      else: absent,
      count
    )
  }

  /// Appends a value to a column of `count` rows, which stays empty while no row has one.
  fileprivate mutating func append(
    _ value: Element,
    isThere: Bool,
    else absent: Element,
    _ count: Int
  ) {
    if !isThere, isEmpty { return }
    if isEmpty, count > 0 { self = ContiguousArray(repeating: absent, count: count) }
    append(value)
  }
}
