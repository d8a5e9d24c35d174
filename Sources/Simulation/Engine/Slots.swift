/// A growable row of values that stay in place: subscripts lend them, checked, and never copy.
///
/// `ContiguousArray` cannot hold noncopyable elements, and with copyable ones a stray copy of a
/// struct that owns arrays costs more than the event being handled. This owner is what the engine
/// keeps its instances and requests in; nothing outside can reach its memory.
@safe struct Slots<Element: ~Copyable>: ~Copyable {
  fileprivate var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(minimumCapacity: Int = 8) {
    capacity = max(1, minimumCapacity)
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  var indices: Range<Int> { 0..<count }

  mutating func append(_ element: consuming Element) {
    if count == capacity { grow() }
    unsafe (base + count).initialize(to: element)
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
    unsafe larger.moveInitialize(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
    capacity *= 2
  }

  /// Removes all elements and keeps the memory.
  mutating func removeAll() {
    unsafe base.deinitialize(count: count)
    count = 0
  }

  mutating func removeLast() -> Element {
    precondition(count > 0, "nothing to remove")
    count -= 1
    return unsafe (base + count).move()
  }

  subscript(index: Int) -> Element {
    // Addressors, because a read coroutine copies what it lends to a borrowing parameter.
    @inline(__always) unsafeAddress { unsafe address(of: index) }
    @inline(__always) unsafeMutableAddress { unsafe mutableAddress(of: index) }
  }

  @inline(__always)
  @unsafe func address(of index: Int) -> UnsafePointer<Element> {
    precondition(index >= 0 && index < count, "slot out of range")
    return unsafe UnsafePointer(base + index)
  }

  @inline(__always)
  @unsafe mutating func mutableAddress(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index < count, "slot out of range")
    return unsafe base + index
  }
}

extension Slots {
  /// An element at an index that the caller has bounded.
  @unsafe subscript(unchecked index: Int) -> Element {
    @inline(__always) unsafeAddress { unsafe UnsafePointer(base + index) }
    @inline(__always) unsafeMutableAddress { unsafe base + index }
  }

  init(repeating element: Element, count: Int) {
    self.init(minimumCapacity: count)
    for _ in 0..<count { append(element) }
  }
}

extension Slots where Element: Copyable {
  /// Removes one element, keeping the order of the others.
  mutating func remove(at index: Int) {
    for position in index..<count - 1 { self[position] = self[position + 1] }
    _ = removeLast()
  }

  mutating func insert(_ element: Element, at index: Int) {
    append(element)
    var hole = count - 1
    while hole > index {
      self[hole] = self[hole - 1]
      hole -= 1
    }
    self[hole] = element
  }

  /// Sorts in place by insertion; the lists of one instant hold a few elements.
  mutating func insertionSort(by precedes: (Element, Element) -> Bool) {
    guard count > 1 else { return }
    for index in 1..<count {
      let element = self[index]
      var hole = index
      while hole > 0, precedes(element, self[hole - 1]) {
        self[hole] = self[hole - 1]
        hole -= 1
      }
      self[hole] = element
    }
  }
}

extension Slots where Element == Int32 {
  var isEmpty: Bool { count == 0 }

  var last: Int32? { count == 0 ? nil : self[count - 1] }

  func contains(_ slot: Int32) -> Bool { firstIndex(of: slot) != nil }

  func firstIndex(of slot: Int32) -> Int? {
    for index in 0..<count where self[index] == slot { return index }
    return nil
  }

  /// Removes the first occurrence of a request's slot; says whether it was there.
  mutating func removeSlot(_ slot: Int32) -> Bool {
    guard let found = firstIndex(of: slot) else { return false }
    remove(at: found)
    return true
  }
}
