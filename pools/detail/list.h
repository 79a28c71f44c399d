// List<T>: a doubly linked list through the objects themselves (member `link` of type
// List<T>::Link). Owns nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/assert.h>

namespace sipring {

template <class T>
class List {
 public:
  struct Link {
    T* previous = nullptr;
    T* next = nullptr;
  };

  [[nodiscard]] bool empty() const { return first_ == nullptr; }
  [[nodiscard]] T* first() const { return first_; }

  void push_front(T& object) {
    SIPRING_VERIFY(object.link.previous == nullptr && object.link.next == nullptr);
    object.link.next = first_;
    (first_ ? first_->link.previous : last_) = &object;
    first_ = &object;
  }

  void push_back(T& object) {
    SIPRING_VERIFY(object.link.previous == nullptr && object.link.next == nullptr);
    object.link.previous = last_;
    (last_ ? last_->link.next : first_) = &object;
    last_ = &object;
  }

  // The object is in this list.
  void remove(T& object) {
    (object.link.previous ? object.link.previous->link.next : first_) = object.link.next;
    (object.link.next ? object.link.next->link.previous : last_) = object.link.previous;
    object.link = {};
  }

 private:
  T* first_ = nullptr;
  T* last_ = nullptr;
};

}  // namespace sipring
