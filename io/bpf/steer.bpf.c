// The kernel's half of core/shard/steering.h, an SK_REUSEPORT program: finds the Call-ID of a datagram,
// hashes it as Steering does, and picks the socket of its home shard. What it does not find in the
// first `window` octets, in one line, with fewer than 128 octets, is left to the kernel's own
// choice: whoever gets it hands it over.
//
// build.py makes steer_program.inc of it; the loader (io/detail/kernel_steering.cpp) puts the maps in
// place of map_name() and must have the same structs.
// SPDX-License-Identifier: MIT
#include <linux/bpf.h>

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;

#define inlined static inline __attribute__((always_inline))

// A placeholder that the loader finds: a 64-bit load of this number becomes one of the map.
#define map_name(number)                                      \
  ({                                                          \
    void* map;                                                \
    asm volatile("%0 = " #number " ll" : "=r"(map));          \
    map;                                                      \
  })
#define scratch_map map_name(0x51b0001)
#define homes_map map_name(0x51b0002)
#define sockets_map map_name(0x51b0003)

static void* (*const look_up)(void* map, const void* key) = (void*)BPF_FUNC_map_lookup_elem;
static long (*const load_octets)(const void* packet, u32 offset, void* to, u32 size) =
    (void*)BPF_FUNC_skb_load_bytes;
static long (*const select_socket)(void* packet, void* map, void* key, u64 flags) =
    (void*)BPF_FUNC_sk_select_reuseport;

enum {
  udp_header = 8,
  window = 2048,
  most_candidates = 64,  // lines that begin with c or i
  longest_call_id_words = 16,
  slots = 4096,
};

struct Scratch {            // one for each CPU
  volatile u64 position;    // goes through memory, so that the verifier forgets what it was
  u8 octets[window + 256];  // room to read on behind what there is
};

struct Homes {
  u64 k0, k1;
  u8 first[slots];
};

#define ones 0x0101010101010101ULL
#define low_bits (0x7f * ones)
#define high_bits (0x80 * ones)

inlined u64 word_at(const u8* at) {
  return *(const u64*)at;  // unaligned
}

inlined int is_blank(u8 octet) {
  return octet == ' ' || octet == '\t';
}

// Bit 7 of every octet that is this one.
inlined u64 equal(u64 word, u64 octet) {
  const u64 other = word ^ (octet * ones);
  return ~(((other & low_bits) + low_bits) | other | low_bits);
}

// Bit 7 of every line feed behind which a Call-ID's name may begin, or the body.
inlined u64 candidates(const u8* at) {
  const u64 next = word_at(at + 1);
  const u64 small = next | 0x20 * ones;
  const u64 begin = equal(small, 'c') | equal(small, 'i') | equal(next, '\r') | equal(next, '\n');
  return equal(word_at(at), '\n') & begin;
}

// A mask of all octets in front of the first that is marked, and how many these are.
inlined u64 octets_before(u64 marks) {
  return ((marks & -marks) >> 7) - 1;
}

inlined u64 count_of(u64 mask) {
  return (mask & ones) * ones >> 56 & 7;
}

// Bit 7 of every octet below '!': blanks, line ends, other controls.
inlined u64 ends(u64 word) {
  return ~(((word & low_bits) + (0x80 - '!') * ones) | word) & high_bits;
}

// 0 when the octet ends a name: no branches, for the verifier walks each way of each turn of a loop.
inlined u64 from_name_end(u64 octet) {
  octet &= 0xff;
  return (octet ^ ':') * (octet ^ ' ') * (octet ^ '\t');
}

// 0 when the line begins with a Call-ID's name. The colon behind blanks is not looked for yet.
inlined u64 from_long_name(u64 line) {
  const u64 call_id = 0x0064692d6c6c6163;  // "call-id", first octet lowest
  return (((line | 0x20 * ones) & 0x00ffffffffffffff) ^ call_id) | from_name_end(line >> 56);
}

inlined u64 from_compact_name(u64 line) {
  return (((line | 0x20) & 0xff) ^ 'i') | from_name_end(line >> 8);
}

// 0 when a value's word ends with this octet.
inlined u64 from_word_end(u64 octet) {
  octet &= 0xff;
  return (octet ^ ' ') * (octet ^ '\t') * (octet ^ '\r') * (octet ^ '\n');
}

// 0 when the head has ended.
inlined u64 from_line_end(u64 line) {
  return ((line & 0xff) ^ '\r') * ((line & 0xff) ^ '\n');
}

// Without effect on numbers below 4096. The verifier walks every state of a loop that it has not
// seen: what it knows of the position must be the same each time round.
#define forget(number) asm volatile("%0 &= 0xfff" : "+r"(number))

// Notes the position behind the name of the first Call-ID. 0 when there is none.
inlined int find_call_id(struct Scratch* scratch, u64 size) {
  u64 at = scratch->position;  // 0, as nobody but us knows
  for (u32 i = 0; i < window / 8 + most_candidates; ++i) {
    forget(at);
    if (at >= size) return 0;
    const u64 found = candidates(scratch->octets + at);
    if (found == 0) {
      at += 8;
      continue;
    }
    at += count_of(octets_before(found)) + 1;
    const u64 line = word_at(scratch->octets + at);
    if (from_line_end(line) == 0) return 0;
    scratch->position = at + 7;
    if (from_long_name(line) == 0) return 1;
    scratch->position = at + 1;
    if (from_compact_name(line) == 0) return 1;
  }
  return 0;
}

struct Hash {
  u64 v0, v1, v2, v3;
};

inlined u64 rotated(u64 word, u32 by) {
  return word << by | word >> (64 - by);
}

inlined void sip_round(struct Hash* h) {
  h->v0 += h->v1, h->v1 = rotated(h->v1, 13), h->v1 ^= h->v0, h->v0 = rotated(h->v0, 32);
  h->v2 += h->v3, h->v3 = rotated(h->v3, 16), h->v3 ^= h->v2;
  h->v0 += h->v3, h->v3 = rotated(h->v3, 21), h->v3 ^= h->v0;
  h->v2 += h->v1, h->v1 = rotated(h->v1, 17), h->v1 ^= h->v2, h->v2 = rotated(h->v2, 32);
}

inlined void add(struct Hash* h, u64 word) {
  h->v3 ^= word;
  sip_round(h);
  h->v0 ^= word;
}

// pools/hash.h: SipHash-1-3, the low half of 128 bits.
inlined struct Hash start_hash(const struct Homes* homes) {
  return (struct Hash){homes->k0 ^ 0x736f6d6570736575, homes->k1 ^ 0x646f72616e646f6d ^ 0xee,
                       homes->k0 ^ 0x6c7967656e657261, homes->k1 ^ 0x7465646279746573};
}

inlined u64 finish(struct Hash* h) {
  h->v2 ^= 0xee;
  sip_round(h), sip_round(h), sip_round(h);
  return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

// The slot of the Call-ID that starts there, or -1.
inlined int slot_of(const u8* octets, u64 start, u64 end, const struct Homes* homes) {
  struct Hash hash = start_hash(homes);
  for (u32 i = 0; i < longest_call_id_words; ++i) {
    const u64 word = word_at(octets + start + 8 * i);
    const u64 found = ends(word);
    if (found == 0) {
      add(&hash, word);
      continue;
    }
    const u64 before = octets_before(found);
    const u64 count = count_of(before);
    const u64 size = 8 * i + count;
    if (from_word_end(word >> (8 * count)) != 0) return -1;
    if (size == 0 || start + size >= end) return -1;  // folded, or cut off
    add(&hash, (word & before) | size << 56);
    return finish(&hash) % slots;
  }
  return -1;
}

// Behind one blank at most; a Call-ID behind more is one that the program does not find.
inlined u64 skip_blank(const u8* octets, u64 at) {
  at += is_blank(octets[at]);
  forget(at);
  return at;
}

__attribute__((section("sk_reuseport"), used)) int steer(struct sk_reuseport_md* packet) {
  u32 key = 0;
  struct Scratch* scratch = look_up(scratch_map, &key);
  const struct Homes* homes = look_up(homes_map, &key);
  if (!scratch || !homes || packet->len <= udp_header) return SK_PASS;
  u32 size = packet->len - udp_header;
  if (size > window) size = window;
  if (load_octets(packet, udp_header, scratch->octets, size) != 0) return SK_PASS;
  scratch->position = 0;
  *(u64*)(scratch->octets + size) = 0;  // no line feed, no end of a Call-ID
  if (!find_call_id(scratch, size)) return SK_PASS;
  u64 at = scratch->position;
  if (at >= window) return SK_PASS;
  at = skip_blank(scratch->octets, at);
  if (scratch->octets[at] != ':') return SK_PASS;
  at = skip_blank(scratch->octets, at + 1);
  const int slot = slot_of(scratch->octets, at, size, homes);
  if (slot < 0) return SK_PASS;
  u32 shard = homes->first[slot & (slots - 1)];
  select_socket(packet, sockets_map, &shard, 0);
  return SK_PASS;
}
