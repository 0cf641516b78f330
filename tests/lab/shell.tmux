# SPDX-License-Identifier: LGPL-2.1-or-later
# shell.tmux - the two panes of ./lab shell
set -g default-terminal tmux-256color
set -g escape-time 0
set -g mouse on
set -g pane-border-status top
set -g pane-border-format ' #{pane_title} '
set -g status-left ''
set -g status-right 'Ctrl-b o: other pane   Ctrl-b d: end'
set -g window-status-current-format 'careid lab'
