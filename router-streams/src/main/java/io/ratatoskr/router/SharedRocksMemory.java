package io.ratatoskr.router;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** One block cache and one bound on write buffers for all stores of this process together. */
public final class SharedRocksMemory implements RocksDBConfigSetter {
  static final String BYTES = "ratatoskr.rocksdb.bytes";

  private record Memory(Cache cache, WriteBufferManager writeBuffers) {}

  private static @Nullable Memory shared;

  private static synchronized Memory memory(long bytes) {
    if (shared == null) {
      RocksDB.loadLibrary();
      Cache cache = new LRUCache(bytes);
      shared = new Memory(cache, new WriteBufferManager(bytes / 2, cache));
    }
    return shared;
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Object bytes = configs.get(BYTES);
    Memory memory =
        memory(bytes instanceof Number number ? number.longValue() : 128L * 1024 * 1024);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setBlockCache(memory.cache());
      table.setCacheIndexAndFilterBlocks(true);
      options.setTableFormatConfig(table);
    }
    options.setWriteBufferManager(memory.writeBuffers());
  }

  /** The memory is shared and lives as long as the process. */
  @Override
  public void close(String storeName, Options options) {}
}
