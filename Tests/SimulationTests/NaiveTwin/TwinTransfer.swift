import Simulation
import Workload

/// Blocks that go back to where prompts are computed.
struct TwinWriteBack {
  /// Up to the last of them.
  let path: [TwinBlockName]
  /// How many of them were in the tier that the receiver's pool shares, where they go there; nil where
  /// they go to the receiver's memory.
  let knownToStore: Int?
}

/// A hand-off from its reservation to its landing.
struct TwinTransfer {
  let request: Int
  let record: Int64
  let sender: Int
  let receiver: Int
  /// All that will be sent.
  let bytes: Int64
  /// When its latency has passed.
  let readyAt: SimTime
  /// What it brings back to where prompts are computed; nil for a hand-off.
  let writtenBack: TwinWriteBack?
  /// Whether the prompt is complete, so that nothing more will be given to send.
  var isComplete: Bool
  /// Bytes given and not sent × 10⁹, as of `settledAt`: links work at visible times, so that whole
  /// nanoseconds at whole bytes per second leave no fraction.
  private(set) var left: Int128 = 0
  /// When it joined the links that it is on.
  private(set) var joinedAt: SimTime?
  private(set) var hasBeenOnLinks = false
  private var settledAt: SimTime = 0
  var bytesPerSecond: Int64 = 0

  init(
    request: Int,
    record: Int64,
    sender: Int,
    receiver: Int,
    bytes: Int64,
    readyAt: SimTime,
    isComplete: Bool,
    writtenBack: TwinWriteBack?
  ) {
    self.request = request
    self.record = record
    self.sender = sender
    self.receiver = receiver
    self.bytes = bytes
    self.readyAt = readyAt
    self.isComplete = isComplete
    self.writtenBack = writtenBack
    if isComplete { left = Int128(bytes) * 1_000_000_000 }
  }

  var goesToStore: Bool { writtenBack?.knownToStore != nil }

  /// When its latency passes, or it would have sent all at the present rate.
  func nextInstant(after now: SimTime) -> SimTime {
    guard let joinedAt else { return readyAt > now ? readyAt : .never }
    guard left > 0 else { return joinedAt + 1 }
    guard bytesPerSecond > 0 else { return .never }
    let rate = Int128(bytesPerSecond)
    return settledAt + SimTime((left + rate - 1) / rate)
  }

  /// Whether it is off its links and has something to do there. Of a complete one that has sent all
  /// this is its end.
  func wantsLinks(at now: SimTime) -> Bool {
    joinedAt == nil && readyAt <= now && (left > 0 || isComplete)
  }

  mutating func join(at now: SimTime) {
    joinedAt = now
    settledAt = now
    hasBeenOnLinks = true
  }

  mutating func leave() {
    joinedAt = nil
    bytesPerSecond = 0
  }

  /// Whether it is on its links and has sent all it was given.
  func hasDrained(at now: SimTime) -> Bool {
    guard let joinedAt else { return false }
    return joinedAt < now && left == 0
  }

  /// Subtracts what has been sent; what a link could have sent beyond that is lost.
  mutating func settle(at now: SimTime) {
    guard joinedAt != nil else { return }
    left = max(0, left - Int128(bytesPerSecond) * Int128(now - settledAt))
    settledAt = now
  }

  /// Gives it more bytes to send.
  mutating func give(_ bytes: Int64, at now: SimTime) {
    settle(at: now)
    left += Int128(bytes) * 1_000_000_000
  }
}
