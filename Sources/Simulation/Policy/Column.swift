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
