/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * calls-libc.h - what the wrappers need that calls.py makes for libc
 */

#include "fault.h"

#include <errno.h>
#include <signal.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <fcntl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
