import KVCache
import Workload

/// KV that decoding added on its way to where the next prompt is computed. (Top level: see `Link`.)
struct PendingWriteBack {
  var record: Int64
  var use: CacheUse
  /// Who sends, and who computed the prompt.
  var sender: Int32
  var home: Int32
  /// Whether it goes to the tier that the instances of that one's pool share, not to its memory.
  var goesToStore: Bool
  /// What was there, and is afterwards.
  var from: PrefixPoint
  var to: PrefixPoint
  /// The blocks between, for which memory that receives them has taken room.
  var blocks: Int64
  /// The retention that the blocks are for; −1 for none.
  var held: Int32 = -1
}

/// The write-backs under way.
struct WriteBacks: ~Copyable {
  private var pending = Slots<PendingWriteBack>()
  private var free = Slots<Int32>()

  subscript(id: Int) -> PendingWriteBack { pending[id] }

  mutating func insert(_ writeBack: PendingWriteBack) -> Int32 {
    if free.count > 0 {
      let id = free.removeLast()
      pending[Int(id)] = writeBack
      return id
    }
    pending.append(writeBack)
    return Int32(pending.count - 1)
  }

  /// What is written back goes to a retention, if that still stands when it arrives.
  mutating func promise(_ id: Int, to held: Int32) { pending[id].held = held }

  mutating func remove(_ id: Int) -> PendingWriteBack {
    free.append(Int32(id))
    return pending[id]
  }
}
