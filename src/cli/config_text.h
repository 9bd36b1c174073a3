/* config_text - the configuration file to start from, as --print-config prints it. */
#ifndef KEYRACK_CLI_CONFIG_TEXT_H
#define KEYRACK_CLI_CONFIG_TEXT_H

extern const char config_text[];

#endif
