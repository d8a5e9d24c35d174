/// A set of numbers from 0 on that mostly stand close together: a bit for each, in pages that are
/// made where a number is.
struct NumberSet {
  private static let bitsPerWord: Int64 = 64
  private static let wordsPerPage = 64
  private static let bitsPerPage = Int64(wordsPerPage) * bitsPerWord

  private let mostPages: Int
  /// The first word of a page, by its number.
  private var pages = NumberedValues<Int>()
  private var words = ContiguousArray<UInt64>()
  /// The page of the number before, since numbers tend to follow each other.
  private var lastPage: Int64 = -1
  private var lastWord = 0

  /// - Parameter mostPages: Of 512 bytes; numbers on other pages are not kept. All numbers of 32
  ///   bits fit into the default, 256 MiB.
  init(mostPages: Int = 1 << 19) { self.mostPages = mostPages }

  /// Adds a number, at least 0, and returns true, or returns false where the set has it already.
  ///
  /// A number for which there is no page left counts as new.
  mutating func insert(_ number: Int64) -> Bool {
    let page = number / Self.bitsPerPage
    if page != lastPage {
      guard let word = firstWord(of: page) else { return true }
      (lastPage, lastWord) = (page, word)
    }
    let word = lastWord + Int(number % Self.bitsPerPage / Self.bitsPerWord)
    let bit = UInt64(1) << UInt64(number % Self.bitsPerWord)
    guard words[word] & bit == 0 else { return false }
    words[word] |= bit
    return true
  }

  private mutating func firstWord(of page: Int64) -> Int? {
    if let word = pages[page] { return word }
    guard pages.count < mostPages else { return nil }
    let word = words.count
    pages.insert(page, word)
    words.append(contentsOf: repeatElement(0, count: Self.wordsPerPage))
    return word
  }
}
