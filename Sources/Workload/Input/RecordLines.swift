/// On which line each record stands, where lines can hold none, one or more of them.
///
/// Takes memory only where that changes from one line to the next.
struct RecordLines {
  private var runs = ContiguousArray<Run>()
  private var next = Run(record: 0, line: 0, isMany: false)

  /// Records from this one on stand on lines from this one on, or all on it.
  private struct Run {
    var record: Int64
    var line: Int
    var isMany: Bool
  }

  /// Takes the next line that holds records, `count` of them from this one on.
  mutating func add(_ record: Int64, count: Int64, line: Int) {
    let isMany = count > 1
    if isMany || next.isMany || line != next.line || record != next.record {
      runs.append(Run(record: record, line: line, isMany: isMany))
    }
    next = Run(record: record + count, line: line + 1, isMany: isMany)
  }

  /// The line of a record that has been added.
  func line(of record: Int64) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].record <= record { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 1 }
    let run = runs[low - 1]
    return run.isMany ? run.line : run.line + Int(record - run.record)
  }
}
