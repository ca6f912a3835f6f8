// Stand-in for ankerl::unordered_dense, which Debian 12 does not package: the same names on the
// standard containers. The worker uses only map, set and hash, and relies on no iteration order.
// Differences: a little slower, and iterators survive inserts (a stronger guarantee).
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
  template<typename T, typename Enable = void>
  struct hash
  {
    // The worker combines hashes of single fields, so each has to be well mixed; libstdc++'s
    // std::hash of an integer is the integer. The finaliser is MurmurHash3's fmix64.
    uint64_t operator()(const T& value) const noexcept
    {
      uint64_t mixed = std::hash<T>{}(value);
      mixed ^= mixed >> 33;
      mixed *= 0xff51afd7ed558ccdULL;
      mixed ^= mixed >> 33;
      mixed *= 0xc4ceb9fe1a85ec53ULL;
      mixed ^= mixed >> 33;
      return mixed;
    }
  };

  template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
  using map = std::unordered_map<Key, Value, Hash, Equal>;

  template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
  using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense
