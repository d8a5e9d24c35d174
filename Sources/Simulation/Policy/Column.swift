/// One gauge of all instances of a view, by position.
///
/// Fixed memory with checked subscripts and no reference count: the engine writes gauges several
/// times per request, and a route reads all of them.
@safe public struct Column<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  public private(set) var count: Int

  /// A column of no instance.
  public init() {
    count = 0
    unsafe base = .allocate(capacity: 1)
  }

  /// A column with the given gauges.
  public init(_ elements: some Collection<Element>) {
    count = elements.count
    unsafe base = .allocate(capacity: max(1, count))
    for (position, element) in elements.enumerated() {
      unsafe (base + position).initialize(to: element)
    }
  }

  deinit { unsafe base.deallocate() }

  /// Adds the gauge of one more instance.
  public mutating func append(_ element: Element) {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: count + 1)
    unsafe larger.moveInitialize(from: base, count: count)
    unsafe (larger + count).initialize(to: element)
    unsafe base.deallocate()
    unsafe base = larger
    count += 1
  }

  /// The first of the positions in a range, which must not be empty, with the smallest gauge.
  @inlinable
  public func firstMinimum(in range: Range<Int>) -> Int where Element: Comparable {
    checkRange(range, count)
    var best = range.lowerBound
    var least = unsafe base[best]
    for position in range.dropFirst() {
      let gauge = unsafe base[position]
      if gauge < least { (best, least) = (position, gauge) }
    }
    return best
  }

  /// The same for the sums of this gauge and another.
  @inlinable
  public func firstMinimum(in range: Range<Int>, adding other: borrowing Column) -> Int
  where Element: FixedWidthInteger {
    checkRange(range, min(count, other.count))
    var best = range.lowerBound
    var least = unsafe base[best] &+ other.base[best]
    for position in range.dropFirst() {
      let gauge = unsafe base[position] &+ other.base[position]
      if gauge < least { (best, least) = (position, gauge) }
    }
    return best
  }

  /// Checks what a walk over many positions needs once, so that it is loads and comparisons.
  @inlinable
  func checkRange(_ range: Range<Int>, _ count: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "no instance at a position")
    precondition(!range.isEmpty, "no instance to choose from")
  }

  @inlinable
  public subscript(position: Int) -> Element {
    get {
      precondition(position >= 0 && position < count, "no instance at this position")
      return unsafe base[position]
    }
    set {
      precondition(position >= 0 && position < count, "no instance at this position")
      unsafe base[position] = newValue
    }
  }
}
