package io.ratatoskr.formats;

import com.github.luben.zstd.Zstd;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** The pages of one column of a row group, decompressed, one at a time. */
final class ParquetPages implements PageReader {
  /** A longer page can only be damage. */
  private static final int MAX_PAGE_BYTES = 1 << 30;

  private final ColumnMetaData column;
  private final InputStream in;
  private long valuesLeft;
  private @Nullable PageHeader ahead;

  private ParquetPages(FileChannel channel, ColumnMetaData column) {
    this.column = column;
    this.valuesLeft = column.getNum_values();
    long begin = column.getData_page_offset();
    if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
      begin = Math.min(begin, column.getDictionary_page_offset());
    }
    this.in = new BufferedInputStream(new Positioned(channel, begin), 64 * 1024);
  }

  /** The columns of one row group. */
  record Group(FileChannel channel, RowGroup group) implements PageReadStore {
    @Override
    public PageReader getPageReader(ColumnDescriptor descriptor) {
      for (ColumnChunk chunk : required(group.getColumns())) {
        ColumnMetaData column = required(chunk.getMeta_data());
        if (required(column.getPath_in_schema()).equals(Arrays.asList(descriptor.getPath()))) {
          return new ParquetPages(channel, column);
        }
      }
      throw new IllegalStateException("a row group lacks column " + descriptor);
    }

    @Override
    public long getRowCount() {
      return group.getNum_rows();
    }
  }

  @Override
  public @Nullable DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = header();
      if (header == null || !header.isSetDictionary_page_header()) {
        return null;
      }
      ahead = null;
      var dictionary = required(header.getDictionary_page_header());
      return new DictionaryPage(
          BytesInput.from(content(header)),
          dictionary.getNum_values(),
          encoding(dictionary.getEncoding()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long getTotalValueCount() {
    return column.getNum_values();
  }

  @Override
  public @Nullable DataPage readPage() {
    try {
      for (PageHeader header = header(); header != null; header = header()) {
        ahead = null;
        if (header.isSetData_page_header()) {
          return pageOfVersion1(header, required(header.getData_page_header()));
        }
        if (header.isSetData_page_header_v2()) {
          return pageOfVersion2(header, required(header.getData_page_header_v2()));
        }
        in.skipNBytes(header.getCompressed_page_size());
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next page's header; null after the last page. It stays the next until it is taken. */
  private @Nullable PageHeader header() throws IOException {
    if (ahead == null && valuesLeft > 0) {
      ahead = Util.readPageHeader(in);
    }
    return ahead;
  }

  private DataPage pageOfVersion1(PageHeader header, DataPageHeader page) throws IOException {
    valuesLeft -= page.getNum_values();
    return new DataPageV1(
        BytesInput.from(content(header)),
        page.getNum_values(),
        header.getUncompressed_page_size(),
        null,
        encoding(page.getRepetition_level_encoding()),
        encoding(page.getDefinition_level_encoding()),
        encoding(page.getEncoding()));
  }

  private DataPage pageOfVersion2(PageHeader header, DataPageHeaderV2 page) throws IOException {
    valuesLeft -= page.getNum_values();
    byte[] repetition = exactly(page.getRepetition_levels_byte_length());
    byte[] definition = exactly(page.getDefinition_levels_byte_length());
    int levels = repetition.length + definition.length;
    byte[] values = exactly(header.getCompressed_page_size() - levels);
    if (page.isIs_compressed()) {
      values = decompress(values, header.getUncompressed_page_size() - levels);
    }
    return DataPageV2.uncompressed(
        page.getNum_rows(),
        page.getNum_nulls(),
        page.getNum_values(),
        BytesInput.from(repetition),
        BytesInput.from(definition),
        encoding(page.getEncoding()),
        BytesInput.from(values),
        null);
  }

  private static Encoding encoding(org.apache.parquet.format.@Nullable Encoding encoding) {
    return Encoding.valueOf(required(encoding).name());
  }

  private byte[] content(PageHeader header) throws IOException {
    return decompress(
        exactly(header.getCompressed_page_size()), header.getUncompressed_page_size());
  }

  private byte[] exactly(int length) throws IOException {
    if (length < 0 || length > MAX_PAGE_BYTES) {
      throw new IOException("a page of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the file ends inside a page");
    }
    return bytes;
  }

  private byte[] decompress(byte[] bytes, int size) throws IOException {
    if (size < 0 || size > MAX_PAGE_BYTES) {
      throw new IOException("a page of " + size + " bytes");
    }
    CompressionCodec codec = required(column.getCodec());
    return switch (codec) {
      case UNCOMPRESSED -> bytes;
      case ZSTD -> size == 0 ? new byte[0] : Zstd.decompress(bytes, size);
      case SNAPPY -> size == 0 ? new byte[0] : Snappy.uncompress(bytes);
      case GZIP -> {
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
          yield gzip.readNBytes(size);
        }
      }
      case LZO, BROTLI, LZ4, LZ4_RAW ->
          throw new IOException(
              "its compression, " + codec + ", is not read; zstd, snappy, gzip and none are");
    };
  }

  /** Requires a field that every whole file has. */
  static <T> T required(@Nullable T field) {
    return Objects.requireNonNull(field, "a field that the format requires is missing");
  }

  static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("the file ends early");
      }
    }
    return bytes.flip();
  }

  /** A file's bytes from some position on, whoever else reads it. */
  private static final class Positioned extends InputStream {
    private final FileChannel channel;
    private long position;

    Positioned(FileChannel channel, long position) {
      this.channel = channel;
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = channel.read(ByteBuffer.wrap(target, offset, length), position);
      position += Math.max(0, count);
      return count;
    }
  }
}
