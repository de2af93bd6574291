// SPDX-License-Identifier: GPL-2.0
/*
 * What is told of a socket. Its descriptor table is locked, so that it is open
 * all the while (but for O_PATH, which fd.c leaves out). Its own lock is not taken,
 * which others may hold for long: what may change meanwhile is read once, as the
 * kernel's own sock_diag does.
 */
#include <linux/if_packet.h>
#include <linux/ipv6.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <net/af_unix.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <net/udp.h>

#include "kin.h"
#include "socket.h"

/* ---- IPv4 and IPv6 ---- */

static void read_addresses(struct kin_sock *s, const struct sock *sk)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6) {
		memcpy(s->local, &sk->sk_v6_rcv_saddr, sizeof(s->local));
		memcpy(s->remote, &sk->sk_v6_daddr, sizeof(s->remote));
		if (sk->sk_ipv6only)
			s->flags |= KIN_SOCK_V6ONLY;
		return;
	}
#endif
	memcpy(s->local, &sk->sk_rcv_saddr, sizeof(sk->sk_rcv_saddr));
	memcpy(s->remote, &sk->sk_daddr, sizeof(sk->sk_daddr));
}

/* An urgent byte, or FIN, may be counted before it is there. */
static void read_tcp_queues(struct kin_sock *s, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const int received = READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq);

	s->rx_queue = max(received, 0);
	s->tx_queue = READ_ONCE(tp->write_seq) - READ_ONCE(tp->snd_una);
}

static void read_inet_queues(struct kin_sock *s, struct sock *sk)
{
	if (s->state == TCP_LISTEN) {
		s->rx_queue = READ_ONCE(sk->sk_ack_backlog);
		s->tx_queue = READ_ONCE(sk->sk_max_ack_backlog);
	} else if (s->protocol == IPPROTO_TCP && s->type == SOCK_STREAM) {
		read_tcp_queues(s, sk);
	} else {
		s->tx_queue = max(sk_wmem_alloc_get(sk), 0);
		/* The difference of two numbers that change. */
		s->rx_queue = s->protocol == IPPROTO_UDP &&
			      s->type == SOCK_DGRAM ? max(udp_rqueue_get(sk), 0) :
						      sk_rmem_alloc_get(sk);
	}
}

static void read_inet(struct kin_sock *s, struct sock *sk)
{
	s->local_port = READ_ONCE(inet_sk(sk)->inet_num);
	s->remote_port = ntohs(READ_ONCE(inet_sk(sk)->inet_dport));
	read_addresses(s, sk);
	read_inet_queues(s, sk);
}

/* ---- unix ---- */

/* The other end is held by this one for as long as it is its peer. */
static u64 peer_inode(struct sock *sk)
{
	struct sock *peer;
	u64 ino = 0;

	spin_lock(&unix_sk(sk)->lock);
	peer = unix_sk(sk)->peer;
	if (peer)
		ino = sock_i_ino(peer);
	spin_unlock(&unix_sk(sk)->lock);
	return ino;
}

/* What the kernel adds up buffer by buffer, while others wait for the table. */
#define QUEUE_MAX 64

static u64 unix_queue(struct sock *sk)
{
	if (skb_queue_len_lockless(&sk->sk_receive_queue) > QUEUE_MAX)
		return KIN_NONE64;
	return max(unix_inq_len(sk), 0L);
}

static void read_unix(struct kin_sock *s, struct sock *sk)
{
	s->peer_ino = peer_inode(sk);
	if (s->state == TCP_LISTEN) {
		s->rx_queue = skb_queue_len_lockless(&sk->sk_receive_queue);
		s->tx_queue = READ_ONCE(sk->sk_max_ack_backlog);
	} else {
		s->rx_queue = unix_queue(sk);
		s->tx_queue = unix_outq_len(sk);
	}
}

/**
 * kin_socket_unix_name - the address of a unix socket
 * @sock: a socket of any family
 * @name: receives where it is; good while the socket is open, since an address is
 *        given once
 *
 * Return: how long it is, bytes; 0 if it has none. A path ends without NUL, an
 * abstract address begins with one.
 */
size_t kin_socket_unix_name(struct socket *sock, const char **name)
{
	const struct unix_address *addr;
	int len;

	if (!sock->sk || sock->sk->sk_family != AF_UNIX)
		return 0;
	addr = smp_load_acquire(&unix_sk(sock->sk)->addr);
	if (!addr)
		return 0;
	len = addr->len - (int)offsetof(struct sockaddr_un, sun_path);
	if (len <= 0)
		return 0;
	*name = addr->name->sun_path;
	if (!**name)
		return len;
	/* Its end stands behind sun_path if it fills that. */
	return strnlen(*name, min_t(size_t, len, sizeof(addr->name->sun_path)));
}

/* ---- others ---- */

static void read_memory_queues(struct kin_sock *s, const struct sock *sk)
{
	s->rx_queue = sk_rmem_alloc_get(sk);
	s->tx_queue = sk_wmem_alloc_get(sk);
}

/* Neither of the functions behind getname takes a lock that is held for long. */
static void read_netlink(struct kin_sock *s, struct socket *sock)
{
	struct sockaddr_storage addr;
	const struct sockaddr_nl *nl = (void *)&addr;

	if (kernel_getsockname(sock, (struct sockaddr *)&addr) > 0)
		s->local_port = nl->nl_pid;
	if (kernel_getpeername(sock, (struct sockaddr *)&addr) > 0)
		s->remote_port = nl->nl_pid;
}

static void read_packet(struct kin_sock *s, struct socket *sock)
{
	struct sockaddr_storage addr;
	const struct sockaddr_ll *ll = (void *)&addr;

	if (sock->type == SOCK_PACKET ||
	    kernel_getsockname(sock, (struct sockaddr *)&addr) <= 0)
		return;
	s->protocol = ntohs(ll->sll_protocol);
	s->ifindex = ll->sll_ifindex;
}

static void read_family(struct kin_sock *s, struct socket *sock)
{
	struct sock *sk = sock->sk;

	switch (s->family) {
	case AF_INET:
	case AF_INET6:
		read_inet(s, sk);
		return;
	case AF_UNIX:
		read_unix(s, sk);
		return;
	case AF_NETLINK:
		read_netlink(s, sock);
		break;
	case AF_PACKET:
		read_packet(s, sock);
		break;
	default:
		s->local_port = KIN_NONE32;
		s->remote_port = KIN_NONE32;
	}
	read_memory_queues(s, sk);
}

/**
 * kin_socket_read - what is told of a socket
 * @s: filled
 * @sock: the socket; it stays open meanwhile
 *
 * Context: does not sleep.
 */
void kin_socket_read(struct kin_sock *s, struct socket *sock)
{
	struct sock *sk = sock->sk;

	memset(s, 0, sizeof(*s));
	s->type = sock->type;
	if (!sk)
		return;
	s->netns = sock_net(sk)->ns.inum;
	s->family = sk->sk_family;
	s->protocol = sk->sk_protocol;
	s->state = READ_ONCE(sk->sk_state);
	s->ifindex = READ_ONCE(sk->sk_bound_dev_if);
	read_family(s, sock);
}
