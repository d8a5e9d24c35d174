import ReplayKit

Replay.main()
