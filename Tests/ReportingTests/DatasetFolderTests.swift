import Foundation
import Reporting
import Synchronization
import Testing
import Workload

@Suite struct DatasetFolderTests {
  @Test func `a folder has its name once it is complete, and its parents are made`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("trace=a/fleet=b/") + "/")
    #expect(dataset.path == folder.path("trace=a/fleet=b"))
    #expect(try folder.names("trace=a") == ["fleet=b.partial"])
    try SampleRun().write(into: dataset)
    try dataset.complete()
    #expect(try folder.names("trace=a") == ["fleet=b"])
    #expect(try folder.names("trace=a/fleet=b").count == 7)
  }

  @Test func `of two that write one dataset, the second is told so at once`() throws {
    let folder = try TestFolder()
    let path = folder.path("run")
    let first = try DatasetFolder(path: path)
    let error = #expect(throws: DatasetError.self) { try DatasetFolder(path: path) }
    #expect(error?.kind == .busy && error?.path == path)
    #expect(error?.problem == "another process is writing it")
    try SampleRun().write(into: first)
    try first.complete()
    #expect(try folder.names() == ["run"])
  }

  @Test func `what a killed run left is cleared and used again`() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("run.partial"),
      withIntermediateDirectories: false
    )
    let left = [".lock", "timeline.csv", "requests.csv.zst.77-1.partial"]
    for name in left {
      try Data("old".utf8).write(to: folder.url.appending(path: "run.partial/\(name)"))
    }
    let dataset = try DatasetFolder(path: folder.path("run"))
    #expect(try folder.names("run.partial") == [".lock"])
    try SampleRun().write(into: dataset)
    try dataset.complete()
    #expect(try folder.names() == ["run"])
    #expect(try folder.names("run").count == 7)
  }

  @Test func `a folder beside it that holds other files is left alone`() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("run.partial"),
      withIntermediateDirectories: false
    )
    try Data("mine".utf8).write(to: folder.url.appending(path: "run.partial/notes.txt"))
    let error = #expect(throws: DatasetError.self) { try DatasetFolder(path: folder.path("run")) }
    #expect(error?.kind == .exists && error?.problem.contains("'notes.txt'") == true)
    #expect(try folder.names("run.partial").contains("notes.txt"))
  }

  @Test func `an empty folder is used, and one with files is not`() throws {
    let folder = try TestFolder()
    for name in ["empty", "full"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name),
        withIntermediateDirectories: false
      )
    }
    try Data("mine".utf8).write(to: folder.url.appending(path: "full/notes.txt"))
    try Data("mine".utf8).write(to: folder.url.appending(path: "file"))
    let dataset = try DatasetFolder(path: folder.path("empty"))
    try SampleRun().write(into: dataset)
    try dataset.complete()
    for (name, overwrite) in [("full", false), ("full", true), ("file", false), ("file", true)] {
      let error = #expect(throws: DatasetError.self) {
        try DatasetFolder(path: folder.path(name), overwrite: overwrite)
      }
      #expect(error?.kind == .exists && error?.path == folder.path(name))
    }
    #expect(try folder.names() == ["empty", "file", "full"])
    #expect(try folder.names("full") == ["notes.txt"])
  }

  @Test func `a dataset is only overwritten on demand, and by a complete one`() throws {
    let folder = try TestFolder()
    let path = folder.path("run")
    let dataset = try DatasetFolder(path: path)
    try SampleRun().write(into: dataset)
    try dataset.complete()
    let old = try Data(contentsOf: folder.url.appending(path: "run/requests.csv.zst"))
    #expect(throws: DatasetError.self) { try DatasetFolder(path: path) }
    do {
      let abandoned = try DatasetFolder(path: path, overwrite: true)
      try SampleRun(requests: [completed()]).write(into: abandoned)
    }
    #expect(try Data(contentsOf: folder.url.appending(path: "run/requests.csv.zst")) == old)
    let next = try DatasetFolder(path: path, overwrite: true)
    try SampleRun(requests: [completed()]).write(into: next)
    try next.complete()
    #expect(try Data(contentsOf: folder.url.appending(path: "run/requests.csv.zst")) != old)
    #expect(try folder.names() == ["run"])
    #expect(try folder.names("run").count == 7)
  }

  @Test func `a dataset with files of others in it is not overwritten`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try SampleRun().write(into: dataset)
    try dataset.complete()
    try Data("mine".utf8).write(to: folder.url.appending(path: "run/plot.png"))
    let error = #expect(throws: DatasetError.self) {
      try DatasetFolder(path: folder.path("run"), overwrite: true)
    }
    #expect(error?.kind == .exists && error?.problem.contains("'plot.png'") == true)
    #expect(try folder.names("run").count == 8)
  }

  @Test func `files have their names once the folder does`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try SampleRun(requests: [completed()]).write(into: dataset)
    let names = try folder.names("run.partial")
    #expect(names.count == 8)
    #expect(names.allSatisfy { $0 == ".lock" || $0.hasSuffix(".partial") })
    try dataset.complete()
    #expect(try folder.names("run").allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test func `a link to a dataset stays one when that is overwritten`() throws {
    let folder = try TestFolder()
    for name in ["real", "link"] {
      if name == "link" {
        try FileManager.default.createSymbolicLink(
          atPath: folder.path("link"),
          withDestinationPath: "real"
        )
      }
      let dataset = try DatasetFolder(path: folder.path(name), overwrite: name == "link")
      try SampleRun(requests: name == "link" ? [completed()] : []).write(into: dataset)
      try dataset.complete()
    }
    #expect(try folder.names() == ["link", "real"])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == "real"
    )
    #expect(try SampleRun.rows(at: folder.path("real/requests.csv.zst")).count == 2)
    try FileManager.default.removeItem(atPath: folder.path("real"))
    let error = #expect(throws: DatasetError.self) { try DatasetFolder(path: folder.path("link")) }
    #expect(error?.kind == .exists)
  }

  @Test func `an earlier dataset has its name until the next one has it`() throws {
    let folder = try TestFolder()
    let first = try DatasetFolder(path: folder.path("run"))
    try SampleRun().write(into: first)
    try first.complete()
    // A name that is looked up all the time while the sets are exchanged.
    let watch = Watch()
    let manifest = folder.path("run/manifest.json")
    let watcher = Thread {
      while watch.look(FileManager.default.fileExists(atPath: manifest)) {}
    }
    watcher.start()
    defer { _ = watch.end() }
    for _ in 0..<20 {
      let next = try DatasetFolder(path: folder.path("run"), overwrite: true)
      try SampleRun().write(into: next)
      try next.complete()
    }
    #expect(watch.end() == 0)
    #expect(try folder.names() == ["run"])
  }

  @Test func `folders that were made for an abandoned dataset go with it`() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("a"),
      withIntermediateDirectories: false
    )
    do {
      let dataset = try DatasetFolder(path: folder.path("a/b/c/run"))
      try SampleRun().write(into: dataset)
    }
    #expect(try folder.names() == ["a"])
    #expect(try folder.names("a") == [])
  }

  @Test func `what was put there meanwhile is not replaced`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try SampleRun().write(into: dataset)
    try Data("mine".utf8).write(to: folder.url.appending(path: "run"))
    let error = #expect(throws: DatasetError.self) { try dataset.complete() }
    #expect(error?.kind == .exists)
    #expect(try String(contentsOfFile: folder.path("run"), encoding: .utf8) == "mine")
  }

  @Test func `a folder that cannot be made is an error`() throws {
    let folder = try TestFolder()
    try Data("mine".utf8).write(to: folder.url.appending(path: "file"))
    let error = #expect(throws: DatasetError.self) {
      try DatasetFolder(path: folder.path("file/run"))
    }
    #expect(error?.kind == .unwritable && error?.path == folder.path("file"))
    for path in ["", "/", ".", "..", "x/.", "x/../", String(repeating: "x", count: 250)] {
      #expect(throws: DatasetError.self) { try DatasetFolder(path: path) }
    }
  }

  @Test func `a folder without permission is an error`() throws {
    if geteuid() == 0 { return print("skipped: a folder without permission; root may do anything") }
    let folder = try TestFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755],
        ofItemAtPath: folder.url.path
      )
    }
    let error = #expect(throws: DatasetError.self) { try DatasetFolder(path: folder.path("run")) }
    #expect(error?.kind == .unwritable)
  }
}

/// How often something was not there, as another thread saw it.
private final class Watch: Sendable {
  private let state = Mutex((isOver: false, misses: 0))

  /// Returns whether to go on looking.
  func look(_ isThere: Bool) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      state.misses += isThere ? 0 : 1
      return true
    }
  }

  func end() -> Int {
    state.withLock { state in
      state.isOver = true
      return state.misses
    }
  }
}
