/* SPDX-License-Identifier: GPL-2.0 */
#define KIN_VERSION "0.1.0"
